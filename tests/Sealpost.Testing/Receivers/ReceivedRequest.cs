using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Testing.Receivers;

/// <summary>One request as a receiver saw it.</summary>
/// <param name="Number">From 1, in the order in which requests were read to their end.</param>
/// <param name="At">When it was read to its end.</param>
/// <param name="ConnectionId">Equal for the requests of one connection.</param>
/// <param name="Protocol">Such as <c>HTTP/2</c>.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Target">Path and query as they came.</param>
/// <param name="Headers">In their order, names as they came.</param>
/// <param name="Body">The whole body.</param>
public sealed record ReceivedRequest(
    int Number,
    DateTimeOffset At,
    string ConnectionId,
    string Protocol,
    string Method,
    string Target,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body)
{
    /// <summary>The client's certificate, by its fingerprint; null: it showed none.</summary>
    public string? ClientThumbprint { get; init; }

    /// <summary>The common name in the client's certificate; null: it showed none.</summary>
    public string? ClientName { get; init; }

    /// <summary>The value of a header, its name in any case; null where it is missing.</summary>
    public string? this[string name] =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Whether <c>x-liveperson-signature</c> is this secret's for the body: any algorithm and encoding of the protocol.</summary>
    public bool IsSignedWith(string secret)
    {
        var parts = (this["x-liveperson-signature"] ?? "").Split('=', 2);
        var key = Encoding.UTF8.GetBytes(secret);
        var hash = parts[0] switch
        {
            "sha1" => HMACSHA1.HashData(key, Body),
            "sha256" => HMACSHA256.HashData(key, Body),
            _ => [],
        };
        return hash.Length > 0
            && (parts[1] == Convert.ToBase64String(hash) || parts[1] == Convert.ToHexStringLower(hash));
    }
}
