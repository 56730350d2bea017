using System.Globalization;

namespace Sealpost.Protocol.OAuth1;

/// <summary>The text that is signed (RFC 5849 3.4.1): method, URI and parameters. It holds no secret. Pure.</summary>
internal static class BaseString
{
    /// <param name="request">What is signed.</param>
    /// <param name="header">The header's parameters, decoded, without <c>realm</c> and <c>oauth_signature</c>.</param>
    public static string Of(SignedRequest request, IEnumerable<KeyValuePair<string, string>> header) => string.Join(
        '&',
        PercentCode.Encode(request.Method.ToUpperInvariant()),
        PercentCode.Encode(Uri(request)),
        PercentCode.Encode(Normalised(request, header)));

    /// <summary>The parameters of a query or form in their order, each name and value encoded as signatures are.</summary>
    public static IEnumerable<(string Name, string Value)> Parameters(string form)
    {
        foreach (var part in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            yield return equals < 0
                ? (PercentCode.OfForm(part), "")
                : (PercentCode.OfForm(part.AsSpan(0, equals)), PercentCode.OfForm(part.AsSpan(equals + 1)));
        }
    }

    /// <summary>The base string URI (RFC 5849 3.4.1.2).</summary>
    internal static string Uri(SignedRequest request)
    {
        var scheme = request.Scheme.ToLowerInvariant();
        return $"{scheme}://{Authority(scheme, request.Host.ToLowerInvariant())}{request.Path}";
    }

    /// <summary>The parameters' normal form (RFC 5849 3.4.1.3.2), sorted by their encoded bytes.</summary>
    internal static string Normalised(SignedRequest request, IEnumerable<KeyValuePair<string, string>> header)
    {
        var parameters = header
            .Select(parameter => (Name: PercentCode.Encode(parameter.Key), Value: PercentCode.Encode(parameter.Value)))
            .Concat(Parameters(request.Query))
            .Concat(Parameters(request.Form))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .ThenBy(parameter => parameter.Value, StringComparer.Ordinal);
        return string.Join('&', parameters.Select(parameter => $"{parameter.Name}={parameter.Value}"));
    }

    // An empty port is the scheme's own (RFC 3986 6.2.3). The last colon of an IPv6 address without a port is no port's: the
    // bracket behind it keeps the rest from being a number.
    private static string Authority(string scheme, string host)
    {
        var colon = host.LastIndexOf(':');
        if (colon < 0)
        {
            return host;
        }

        var port = host.AsSpan(colon + 1);
        var own = scheme == "https" ? 443 : 80;
        var isOwn = port.IsEmpty || (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == own);
        return isOwn ? host[..colon] : host;
    }
}
