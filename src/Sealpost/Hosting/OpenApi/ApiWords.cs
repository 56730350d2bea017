using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>What the codes of problems and the kinds of auth mean: the fragment <c>_problems</c>.</summary>
internal sealed class ApiWords(JsonObject fragment)
{
    private readonly JsonObject _problems = fragment["problems"]!.AsObject();
    private readonly JsonObject _kinds = fragment["auth"]!.AsObject();

    /// <summary>A code with its status and meaning.</summary>
    /// <param name="name">The code; with <c>/status</c> behind it where it has several.</param>
    /// <exception cref="InvalidDataException">There is no such code.</exception>
    public (string Code, int Status, string Means) Problem(string name) => _problems[name] is { } known
        ? (name.Split('/')[0], known["status"]!.GetValue<int>(), known["means"]!.GetValue<string>())
        : throw new InvalidDataException($"the problem {name} is not among those of _problems");

    /// <summary>A kind of auth: the sentence for it, what is presented, and the problems that it brings.</summary>
    /// <exception cref="InvalidDataException">There is no such kind.</exception>
    public (string Says, IEnumerable<string> Schemes, IEnumerable<string> Problems) Auth(string kind) => _kinds[kind] is { } known
        ? (known["says"]!.GetValue<string>(), Texts(known["security"]), Texts(known["problems"]))
        : throw new InvalidDataException($"the auth {kind} is not among those of _problems");

    public static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(item => item!.GetValue<string>()) ?? [];
}
