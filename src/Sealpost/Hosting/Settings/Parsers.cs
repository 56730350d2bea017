using System.Globalization;
using System.Net;
using System.Security.Authentication;
using Sealpost.Sending;

namespace Sealpost.Hosting.Settings;

/// <summary>How the values of the table's rarer kinds are read.</summary>
internal static class Parsers
{
    /// <summary>A network, or one address as the network of it alone.</summary>
    public static bool Network(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
        {
            return true;
        }

        if (!IPAddress.TryParse(text, out var address))
        {
            return false;
        }

        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>A port, or two joined by a hyphen or an en dash.</summary>
    public static bool Ports(string text, out PortRange range)
    {
        var dash = text.AsSpan().IndexOfAny('-', '–');
        var first = dash < 0 ? text : text.AsSpan(0, dash);
        var last = dash < 0 ? text : text.AsSpan(dash + 1);
        range = default;
        if (!Port(first, out var low) || !Port(last, out var high) || low > high)
        {
            return false;
        }

        range = new PortRange(low, high);
        return true;
    }

    /// <summary>An absolute http or https URL that ends with its host and port.</summary>
    public static bool Origin(string text, out Uri origin)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out origin!))
        {
            return false;
        }

        return (origin.Scheme == Uri.UriSchemeHttp || origin.Scheme == Uri.UriSchemeHttps)
            && origin.UserInfo.Length == 0
            && origin.PathAndQuery == "/"
            && origin.Fragment.Length == 0;
    }

    /// <summary>An <see cref="Origin"/> that secrets may be sent to: https, or the loopback.</summary>
    public static bool SafeOrigin(string text, out Uri origin) => Origin(text, out origin) && (origin.Scheme == Uri.UriSchemeHttps || origin.IsLoopback);

    /// <summary>Names joined by slashes, none of which the server or a URL would read as something else. A slash at the end is dropped.</summary>
    public static bool VaultPath(string text, out string path)
    {
        path = text.EndsWith('/') ? text[..^1] : text;
        return path.Length <= 256 && path.Split('/').All(name => name.Length > 0 && name.Trim('.').Length > 0 && name.All(IsNameLetter));
    }

    /// <summary>One word of visible ASCII.</summary>
    public static bool Token(string text, out string token)
    {
        token = text;
        return text.Length is > 0 and <= 256 && text.All(letter => letter is > ' ' and < '\x7f');
    }

    /// <summary>The versions offered when <paramref name="text"/> is the oldest.</summary>
    public static bool Tls(string text, out SslProtocols protocols)
    {
        protocols = text switch
        {
            "1.2" => SslProtocols.Tls12 | SslProtocols.Tls13,
            "1.3" => SslProtocols.Tls13,
            _ => SslProtocols.None,
        };
        return protocols != SslProtocols.None;
    }

    /// <summary><c>host[:port]</c>, as the domain directory answers it.</summary>
    public static bool Authority(string text, out string authority)
    {
        authority = text;
        return Uri.TryCreate($"https://{text}", UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0
            && uri.PathAndQuery == "/"
            && uri.Fragment.Length == 0
            && !text.EndsWith('/');
    }

    private static bool Port(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;

    private static bool IsNameLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
