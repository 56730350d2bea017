using System.Globalization;

namespace Sealpost.Protocol.OAuth1;

/// <summary>The parameters of a signed request (RFC 5849 3.1), checked one by one. Whether they are true is another question.</summary>
public sealed record OAuthParameters
{
    /// <summary>A nonce may have this many characters: it is kept, and strangers choose it.</summary>
    public const int MaxNonceLength = 128;

    // Seconds up to the year 5138.
    private const int MaxTimestampDigits = 11;
    private const string Prefix = "oauth_";

    public required string ConsumerKey { get; init; }

    /// <summary>Null: there is none. An empty one is there, and signed.</summary>
    public required string? Token { get; init; }

    public required SignatureMethod Method { get; init; }

    /// <summary>Seconds since 1970 in UTC.</summary>
    public required long Timestamp { get; init; }

    /// <summary>1 to <see cref="MaxNonceLength"/> characters, decoded: <c>%61</c> is <c>a</c>.</summary>
    public required string Nonce { get; init; }

    public required string Signature { get; init; }

    /// <summary>All that is signed of the header: everything but realm and signature.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Signed { get; private init; } = [];

    /// <summary>Reads the header of a request, or says in a sentence what is wrong with it.</summary>
    internal static (OAuthParameters? Parameters, string? Fault) Read(SignedRequest request, string header)
    {
        var (parameters, fault) = AuthorizationHeader.Read(header);
        return parameters is null ? (null, fault)
            : StandsElsewhere(request) ? (null, "An oauth_ parameter stands in the query or the form: they belong into the Authorization header alone.")
            : Check(parameters);
    }

    private static (OAuthParameters? Parameters, string? Fault) Check(IReadOnlyList<KeyValuePair<string, string>> header)
    {
        var values = header.ToDictionary(StringComparer.Ordinal);
        foreach (var name in (string[])["oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature"])
        {
            if (values.GetValueOrDefault(name) is not { Length: > 0 })
            {
                return (null, $"{name} is missing or empty.");
            }
        }

        if (values.GetValueOrDefault("oauth_version") is not (null or "1.0"))
        {
            return (null, "oauth_version is not 1.0.");
        }

        if (SignatureMethodNames.Parse(values["oauth_signature_method"]) is not { } method)
        {
            return (null, "oauth_signature_method is not HMAC-SHA1 or HMAC-SHA256.");
        }

        if (!TryReadTimestamp(values["oauth_timestamp"], out var timestamp))
        {
            return (null, "oauth_timestamp is not a positive number of seconds.");
        }

        if (values["oauth_nonce"].Length > MaxNonceLength)
        {
            return (null, $"oauth_nonce has more than {MaxNonceLength} characters.");
        }

        return (new OAuthParameters
        {
            ConsumerKey = values["oauth_consumer_key"],
            Token = values.GetValueOrDefault("oauth_token"),
            Method = method,
            Timestamp = timestamp,
            Nonce = values["oauth_nonce"],
            Signature = values["oauth_signature"],
            Signed = [.. header.Where(parameter => parameter.Key != "oauth_signature")],
        }, null);
    }

    // Two places for one parameter are two truths: whoever stands in front of us may believe the other (RFC 5849 3.2).
    private static bool StandsElsewhere(SignedRequest request) => BaseString.Parameters(request.Query)
        .Concat(BaseString.Parameters(request.Form))
        .Any(parameter => parameter.Name.StartsWith(Prefix, StringComparison.Ordinal));

    private static bool TryReadTimestamp(string text, out long seconds)
    {
        seconds = 0;
        return text.Length <= MaxTimestampDigits
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
            && seconds > 0;
    }
}
