using System.Diagnostics.CodeAnalysis;

namespace Sealpost.Protocol.OAuth1;

/// <summary>
/// What of a request its signature covers: no header, and no body but a form. The target is kept byte by byte as it is on the
/// wire, never through <see cref="Uri"/>, which decodes what the signer encoded (<c>%35</c> becomes <c>5</c>).
/// </summary>
public sealed record SignedRequest
{
    /// <summary>The method; signed in upper case.</summary>
    public required string Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>; signed in lower case.</summary>
    public required string Scheme { get; init; }

    /// <summary>The <c>Host</c> header; signed in lower case, without the scheme's own port.</summary>
    public required string Host { get; init; }

    /// <summary>The request's target: path and query as sent, or the whole URL (RFC 9112 3.2.2).</summary>
    public required string Target { get; init; }

    /// <summary>
    /// The body, if it is a single part of type <c>application/x-www-form-urlencoded</c>; else empty (RFC 5849 3.4.1.3.1).
    /// </summary>
    public string Form { get; init; } = "";

    /// <summary>The path, not decoded; <c>/</c> where the target has none.</summary>
    public string Path
    {
        get
        {
            var path = Split().Path;
            return path.Length == 0 ? "/" : path;
        }
    }

    /// <summary>What stands behind the first question mark, or nothing.</summary>
    public string Query => Split().Query;

    /// <summary>A request for a URL. False when this is not <c>http(s)://host[:port][/path][?query]</c>, with no user and no fragment.</summary>
    public static bool TryParse(string method, string url, [NotNullWhen(true)] out SignedRequest? request)
    {
        request = null;
        var schemeEnd = url.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd < 0 || url.AsSpan().ContainsAny('#', ' '))
        {
            return false;
        }

        var scheme = url[..schemeEnd];
        var rest = url[(schemeEnd + 3)..];
        var hostEnd = rest.AsSpan().IndexOfAny('/', '?') is >= 0 and var at ? at : rest.Length;
        var isUrl = (scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            && hostEnd > 0
            && !rest.AsSpan(0, hostEnd).Contains('@');
        if (isUrl)
        {
            request = new SignedRequest { Method = method, Scheme = scheme, Host = rest[..hostEnd], Target = rest[hostEnd..] };
        }

        return isUrl;
    }

    private (string Path, string Query) Split()
    {
        var target = Target;
        var schemeEnd = target.StartsWith('/') || target.StartsWith('?') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd >= 0)
        {
            var start = target.AsSpan(schemeEnd + 3).IndexOfAny('/', '?');
            target = start < 0 ? "" : target[(schemeEnd + 3 + start)..];
        }

        var question = target.IndexOf('?');
        return question < 0 ? (target, "") : (target[..question], target[(question + 1)..]);
    }
}
