using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>
/// Joins the fragments that describe the calls, each a file of one subject, into one OpenAPI document. Pure.
/// </summary>
/// <remarks>
/// A fragment is OpenAPI with three members of an operation that are ours: <c>auth</c>, <c>problems</c> and <c>examples</c>
/// (<see cref="ApiOperation"/>), and several methods may stand before one operation: <c>get head</c>. <c>_root</c> holds what is of no subject, <c>_problems</c> what the codes and the kinds of auth mean.
/// </remarks>
internal sealed class ApiFragments
{
    private const string Prefix = "OpenApi/";
    private const string RootName = "_root";
    private const string ProblemsName = "_problems";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "head", "patch"];

    private readonly SortedDictionary<string, JsonObject> _fragments;

    /// <param name="fragments">By their names.</param>
    public ApiFragments(IEnumerable<KeyValuePair<string, JsonObject>> fragments) =>
        _fragments = new SortedDictionary<string, JsonObject>(fragments.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Those that are built in.</summary>
    public static ApiFragments BuiltIn()
    {
        var assembly = typeof(ApiFragments).Assembly;
        var fragments = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            fragments[name[Prefix.Length..]] = JsonNode.Parse(stream)!.AsObject();
        }

        return new ApiFragments(fragments);
    }

    /// <summary>The document.</summary>
    /// <exception cref="InvalidDataException">Two fragments describe the same, or a code or kind of auth is none.</exception>
    public JsonObject Join()
    {
        var document = _fragments[RootName].DeepClone().AsObject();
        var words = new ApiWords(_fragments[ProblemsName]);
        var paths = new JsonObject();
        document["paths"] = paths;
        foreach (var (name, fragment) in _fragments.Where(fragment => fragment.Key is not (RootName or ProblemsName)))
        {
            Add(paths, fragment["paths"], name);
            foreach (var (kind, components) in fragment["components"]?.AsObject() ?? [])
            {
                Add(document["components"]![kind]!.AsObject(), components, name);
            }
        }

        foreach (var item in paths.Select(path => path.Value!.AsObject()))
        {
            Spread(item);
            foreach (var method in Methods.Where(item.ContainsKey))
            {
                item[method] = ApiOperation.Expand(item[method]!.AsObject(), words);
            }
        }

        return document;
    }

    // What stands under "get head" is said of both methods; the operation's name and summary get the method behind them.
    private static void Spread(JsonObject item)
    {
        foreach (var key in item.Select(member => member.Key).Where(key => key.Contains(' ', StringComparison.Ordinal)).ToList())
        {
            item.Remove(key, out var operation);
            foreach (var method in key.Split(' '))
            {
                var one = operation!.DeepClone();
                one["operationId"] = $"{one["operationId"]}{char.ToUpperInvariant(method[0])}{method[1..]}";
                one["summary"] = $"{one["summary"]} ({method.ToUpperInvariant()})";
                item.Add(method, one);
            }
        }
    }

    private static void Add(JsonObject to, JsonNode? from, string fragment)
    {
        foreach (var (name, value) in from?.AsObject() ?? [])
        {
            if (!to.TryAdd(name, value!.DeepClone()))
            {
                throw new InvalidDataException($"{fragment} describes {name}, which another fragment describes already");
            }
        }
    }
}
