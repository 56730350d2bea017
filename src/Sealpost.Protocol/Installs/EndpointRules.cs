namespace Sealpost.Protocol.Installs;

/// <summary>What an endpoint may be: an absolute https URL (protocol 2). Judged as it is written, before the framework's lenient parser smooths it.</summary>
internal static class EndpointRules
{
    private const int MaxLength = 2048;
    private const string Scheme = "https://";

    public static Uri? Read(Member member)
    {
        if (member.Text(MaxLength) is not { } text)
            return null;
        if (Judge(text, out var endpoint) is not { } broken)
            return endpoint;
        member.Report(broken.Rule, broken.Words);
        return null;
    }

    private static (string Rule, string Words)? Judge(string text, out Uri? endpoint)
    {
        endpoint = null;
        // RFC 3986 knows visible ASCII only. A backslash or a blank would be read differently by the parties on the way.
        if (text.AsSpan().ContainsAnyExceptInRange('\u0021', '\u007E') || text.Contains('\\', StringComparison.Ordinal))
            return ("url", "must be an absolute URL of visible ASCII characters without a backslash");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return ("https", "must be an absolute https URL");
        if (text.Contains('#', StringComparison.Ordinal))
            return ("fragment", "must have no fragment");

        var authority = Authority(text);
        if (authority.Contains('@'))
            return ("userinfo", "must have no user information");
        var port = Port(authority, out var host);
        if (host.IsEmpty)
            return ("host", "must have a host");
        if (!IsPort(port))
            return ("port", "must have a port from 1 to 65535");
        return Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Host.Length > 0
            ? null
            : ("url", "must be an absolute URL");
    }

    private static ReadOnlySpan<char> Authority(ReadOnlySpan<char> url)
    {
        var rest = url[Scheme.Length..];
        var end = rest.IndexOfAny('/', '?');
        return end < 0 ? rest : rest[..end];
    }

    // An IPv6 address has its colons inside brackets.
    private static ReadOnlySpan<char> Port(ReadOnlySpan<char> authority, out ReadOnlySpan<char> host)
    {
        var colon = authority.LastIndexOf(':');
        var hasPort = colon >= 0 && colon > authority.LastIndexOf(']');
        host = hasPort ? authority[..colon] : authority;
        return hasPort ? authority[(colon + 1)..] : "443";
    }

    private static bool IsPort(ReadOnlySpan<char> port) =>
        port.Length is > 0 and <= 5 && !port.ContainsAnyExceptInRange('0', '9') && int.Parse(port) is >= 1 and <= 65535;
}
