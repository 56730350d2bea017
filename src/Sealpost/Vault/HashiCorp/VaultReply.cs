using System.Text.Json;

namespace Sealpost.Vault.HashiCorp;

/// <summary>What the server answered to one request, or why no answer came.</summary>
/// <param name="Status">The HTTP status; 0: there was no answer.</param>
/// <param name="Body">The body, where it was a JSON object.</param>
internal sealed record VaultReply(int Status, JsonElement? Body = null)
{
    private const int MostLetters = 300;

    /// <summary>Why no answer came, in one line; null where one did.</summary>
    public string? Failure { get; init; }

    /// <summary>The exchange took longer than it may.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The answer's <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsSuccess => Status is 200 or 204;

    /// <summary>The server's own words, in one line that is not too long; empty when it said nothing.</summary>
    public string Said => OneLine(string.Join("; ", [.. Texts("errors"), .. Texts("warnings")]));

    /// <summary>Whether an error or a warning of the server has these words.</summary>
    public bool Mentions(string words) => Texts("errors").Concat(Texts("warnings")).Any(text => text.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>A member of the body, found by its path; null where there is none or it is null.</summary>
    public JsonElement? At(params ReadOnlySpan<string> path)
    {
        var at = Body;
        foreach (var name in path)
        {
            at = at is { ValueKind: JsonValueKind.Object } container && container.TryGetProperty(name, out var member) ? member : null;
        }

        return at is { ValueKind: JsonValueKind.Null } ? null : at;
    }

    /// <summary>A text member of the body; null where it is absent or no text.</summary>
    public string? Text(params ReadOnlySpan<string> path) => At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A whole number of seconds; zero where it is absent or no number.</summary>
    public TimeSpan Seconds(params ReadOnlySpan<string> path) =>
        At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;

    /// <summary>A flag; false where it is absent or no flag.</summary>
    public bool Flag(params ReadOnlySpan<string> path) => At(path) is { ValueKind: JsonValueKind.True };

    private IEnumerable<string> Texts(string member) => At(member) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
        : [];

    private static string OneLine(string text)
    {
        var line = new string([.. text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter).Take(MostLetters)]);
        return line.Length == MostLetters ? line + "…" : line;
    }
}
