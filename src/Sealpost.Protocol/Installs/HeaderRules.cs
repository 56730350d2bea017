using System.Buffers;

namespace Sealpost.Protocol.Installs;

/// <summary>
/// The headers an install may add (protocol 2). Nothing further down checks them again: the framework writes what it is
/// given, line breaks included.
/// </summary>
internal static class HeaderRules
{
    /// <summary>RFC 9110 section 5.6.2, <c>tchar</c>.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // They frame the request or belong to the connection; the prefixes are the protocol's own.
    private static readonly string[] RefusedNames =
    [
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Expect", "Trailer", "Upgrade", "TE", "Keep-Alive",
    ];

    private static readonly string[] RefusedPrefixes = ["Proxy-", "LP-", "x-liveperson-", "x-sealpost-"];

    public static IReadOnlyList<WebhookHeader> Read(Member? headers)
    {
        if (headers is not { } member || !member.IsArray())
            return [];
        var list = new List<WebhookHeader>();
        foreach (var item in member.Items())
        {
            if (!item.IsObject())
                continue;
            var name = item.Required("header_name") is { } named ? ReadName(named) : null;
            var value = item.Required("header_value") is { } valued ? ReadValue(valued) : null;
            if (name is not null && value is not null)
                list.Add(new WebhookHeader(name, value));
        }
        return list;
    }

    private static string? ReadName(Member member)
    {
        if (member.Text() is not { } name)
            return null;
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            member.Report("token", "must be a header name: one or more letters, digits or signs of a token (RFC 9110, 5.6.2)");
            return null;
        }
        if (IsRefused(name))
        {
            member.Report("refused_name", "must not be a header that the request has of its own, or one named Proxy-*, LP-*, x-liveperson-* or x-sealpost-*");
            return null;
        }
        return name;
    }

    private static bool IsRefused(string name) =>
        RefusedNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        || RefusedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string? ReadValue(Member member)
    {
        if (member.Text() is not { } value)
            return null;
        if (!value.Any(c => char.IsControl(c) && c != '\t'))
            return value;
        member.Report("control_character", "must have no control characters but horizontal tabs");
        return null;
    }
}
