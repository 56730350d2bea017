using System.Text.Json;

namespace Sealpost.Cli.Client;

/// <summary>Things that people call by their name and programs by their id.</summary>
internal static class Named
{
    /// <summary>The one of this name, else of this id.</summary>
    /// <param name="items">The account's list.</param>
    /// <param name="named">What was typed.</param>
    /// <param name="noun">Of what kind it is, such as <c>certificate</c>; its verb group has an <c>s</c> more.</param>
    /// <exception cref="VerbFailedException">There is none; it says which there are.</exception>
    public static JsonElement Pick(IReadOnlyList<JsonElement> items, string named, string noun)
    {
        foreach (var member in new[] { "name", "id" })
        {
            if (items.FirstOrDefault(item => item.Text(member) == named) is { ValueKind: JsonValueKind.Object } found)
            {
                return found;
            }
        }

        var names = items.Count == 0
            ? $"The account has none: `sealpost {noun}s {(noun == "certificate" ? "upload" : "create")}` makes one"
            : $"There are: {string.Join(", ", items.Select(item => item.Text("name")))}";
        throw new VerbFailedException($"the account has no {noun} '{Printable.Line(named)}'. {Printable.Line(names)}. See `sealpost {noun}s list`, and check --account.");
    }
}
