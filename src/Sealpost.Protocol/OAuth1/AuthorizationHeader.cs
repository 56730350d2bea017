namespace Sealpost.Protocol.OAuth1;

/// <summary>
/// The value of <c>Authorization</c> as RFC 5849 3.5.1 has it: <c>OAuth name="value", name="value"</c>, names and values
/// percent-encoded. Pure.
/// </summary>
public static class AuthorizationHeader
{
    /// <summary>The scheme's name; read in any case.</summary>
    public const string Scheme = "OAuth";

    private const string Realm = "realm";
    private const string Blanks = " \t";

    /// <summary>Whether a header's value is of this scheme, well-formed or not.</summary>
    public static bool IsOAuth(string? value) =>
        value is not null
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && (value.Length == Scheme.Length || Blanks.Contains(value[Scheme.Length]));

    internal static string Write(IEnumerable<KeyValuePair<string, string>> parameters) =>
        $"{Scheme} {string.Join(", ", parameters.Select(parameter => $"{PercentCode.Encode(parameter.Key)}=\"{PercentCode.Encode(parameter.Value)}\""))}";

    /// <summary>The parameters, decoded, in their order, without the realm; or why there are none.</summary>
    internal static (IReadOnlyList<KeyValuePair<string, string>>? Parameters, string? Fault) Read(string value)
    {
        if (!IsOAuth(value))
        {
            return (null, "The scheme is not OAuth.");
        }

        var parameters = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var rest = value.AsSpan(Scheme.Length).Trim(Blanks);
        while (true)
        {
            if (!TakeParameter(ref rest, out var name, out var text))
            {
                return (null, $"The parameters are not name=\"value\", separated by commas (after {names.Count} of them).");
            }

            var isRealm = name.Equals(Realm, StringComparison.OrdinalIgnoreCase);
            if (!PercentCode.TryDecode(name, out var decodedName) || !TryDecode(text, isRealm, out var decoded))
            {
                return (null, $"The parameters are not percent-encoded (RFC 5849 3.6, after {names.Count} of them).");
            }

            if (!names.Add(isRealm ? Realm : decodedName))
            {
                return (null, "A parameter stands there twice.");
            }

            if (!isRealm)
            {
                parameters.Add(new(decodedName, decoded));
            }

            if (rest.IsEmpty)
            {
                return (parameters, null);
            }
        }
    }

    // The realm is no parameter of the signature and may be any quoted string.
    private static bool TryDecode(ReadOnlySpan<char> text, bool isRealm, out string decoded)
    {
        decoded = "";
        return isRealm || PercentCode.TryDecode(text, out decoded);
    }

    /// <summary>Takes one parameter, and the comma behind it if another follows.</summary>
    private static bool TakeParameter(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        value = default;
        var equals = rest.IndexOf('=');
        name = equals > 0 ? rest[..equals] : default;
        if (name.IsEmpty || rest[(equals + 1)..] is not ['"', .. var quoted] || ClosingQuote(quoted) is not { } end)
        {
            return false;
        }

        value = quoted[..end];
        rest = quoted[(end + 1)..].TrimStart(Blanks);
        if (rest.IsEmpty)
        {
            return true;
        }

        // A comma with nothing behind it is a parameter that was lost.
        if (rest is not [',', .. var next])
        {
            return false;
        }

        rest = next.TrimStart(Blanks);
        return !rest.IsEmpty;
    }

    private static int? ClosingQuote(ReadOnlySpan<char> quoted)
    {
        for (var at = 0; at < quoted.Length; at++)
        {
            if (quoted[at] == '"')
            {
                return at;
            }

            if (quoted[at] == '\\')
            {
                at++;
            }
        }

        return null;
    }
}
