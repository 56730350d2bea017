using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Sealpost.Mtls.Mappings;

/// <summary>
/// A URL that requests are forwarded to, in the one spelling in which mappings are compared and requests are sent (security, P6):
/// <c>https://host[:port]/path?query</c>, the host in lower case, the port left out where it is 443. Path and query are compared byte
/// by byte as they were written; nothing in them is decoded. What servers read in more than one way is refused.
/// </summary>
internal sealed partial record ForwardUrl
{
    public const int MaxLength = 2048;

    private const string Scheme = "https://";
    private const int DefaultPort = 443;

    // RFC 3986 2: what may stand in a path or a query, the sign of an encoding among it.
    private const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%";

    private static readonly System.Buffers.SearchValues<char> AllowedLetters = System.Buffers.SearchValues.Create(Allowed);

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private ForwardUrl(string canonical, Uri target) => (Canonical, Target) = (canonical, target);

    /// <summary>The spelling that is compared.</summary>
    public string Canonical { get; }

    /// <summary>Where to send; its path and query go out exactly as they stand in <see cref="Canonical"/>.</summary>
    public Uri Target { get; }

    public bool Equals(ForwardUrl? other) => other is not null && Canonical == other.Canonical;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Canonical);

    public override string ToString() => Canonical;

    /// <summary>Reads a URL as a caller wrote it; false with what is wrong, as the rest of a sentence that begins with the URL.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ForwardUrl? url, [NotNullWhen(false)] out string? fault)
    {
        url = null;
        fault = Fault(text);
        if (fault is not null)
        {
            return false;
        }

        if (!Uri.TryCreate(text, AsWritten, out var written) || written.Host.Length == 0 || written.HostNameType == UriHostNameType.Unknown)
        {
            fault = "must be an absolute URL with a host";
            return false;
        }

        if (written.Port is < 1 or > 65535)
        {
            fault = "must have a port from 1 to 65535";
            return false;
        }

        var rest = PathAndQuery(text!);
        if (HasDotSegment(rest))
        {
            fault = "must have no . or .. segment in its path, encoded or not";
            return false;
        }

        var host = written.HostNameType == UriHostNameType.IPv6 ? $"[{written.DnsSafeHost}]" : written.IdnHost.ToLowerInvariant();
        var explicitPort = string.Create(CultureInfo.InvariantCulture, $":{written.Port}");
        var port = written.Port == DefaultPort ? "" : explicitPort;
        var authority = Authority(text!).ToString().ToLowerInvariant();
        if (authority != host + port && authority != host + explicitPort)
        {
            fault = $"must write its host and port plainly, as {host}{port}";
            return false;
        }

        var canonical = $"{Scheme}{host}{port}{rest}";
        url = new ForwardUrl(canonical, new Uri(canonical, AsWritten));
        return true;
    }

    private static string? Fault(string? text) =>
        string.IsNullOrEmpty(text) ? "must not be empty"
        : text.Length > MaxLength ? $"must have no more than {MaxLength} characters"
        : !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? "must be an absolute https URL"
        : text.Contains('#', StringComparison.Ordinal) ? "must have no fragment"
        : text.AsSpan(Scheme.Length).ContainsAnyExcept(AllowedLetters) ? "must be made of the characters of a URL alone (RFC 3986)"
        : Authority(text).Contains('@') ? "must have no user information"
        : Authority(text).Contains('%') ? "must have no encoded characters in its host"
        : BrokenEncoding().IsMatch(text) ? "must have two hexadecimal digits after each %"
        : null;

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BrokenEncoding();

    private static ReadOnlySpan<char> Authority(string text)
    {
        var rest = text.AsSpan(Scheme.Length);
        var end = rest.IndexOfAny('/', '?');
        return end < 0 ? rest : rest[..end];
    }

    // As it was written: the framework would decode %35 and drop /a/..
    private static string PathAndQuery(string text)
    {
        var rest = text[(Scheme.Length + Authority(text).Length)..];
        return rest.StartsWith('/') ? rest : "/" + rest;
    }

    private static bool HasDotSegment(string pathAndQuery)
    {
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? pathAndQuery : pathAndQuery[..query];
        return path.Split('/').Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");
    }
}
