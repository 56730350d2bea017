using System.Buffers;

namespace Sealpost.Accounts;

/// <summary>A platform's customer: <c>[A-Za-z0-9_-]{1,64}</c>, case sensitive (contract.md, HTTP).</summary>
public readonly record struct AccountId
{
    private const int MaxLength = 64;
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private AccountId(string value) => Value = value;

    /// <summary>The id as it stands in URLs and headers.</summary>
    public string Value { get; }

    /// <summary>False when <paramref name="text"/> is not a well-formed account id.</summary>
    public static bool TryParse(string? text, out AccountId id)
    {
        var ok = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        id = ok ? new AccountId(text!) : default;
        return ok;
    }

    /// <exception cref="FormatException">The text is not a well-formed account id.</exception>
    public static AccountId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an account id");

    public override string ToString() => Value;
}
