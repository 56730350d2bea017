using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Mtls.Mappings;

namespace Sealpost.Mtls.Forward;

/// <summary>What a caller orders with the <c>LP-</c> headers of the forward call (protocol 5).</summary>
internal sealed record ForwardOrder
{
    public required ForwardUrl Url { get; init; }

    /// <summary>Null: no mapping is of such a service.</summary>
    public MtlsService? Service { get; init; }

    /// <summary>The forwarded <c>Authorization</c>; null: none.</summary>
    public string? Authorization { get; init; }

    /// <summary>Without a mapping nothing is forwarded.</summary>
    public bool StopsWithoutCertificate { get; init; }

    /// <summary>The order, or a 400. A header given twice is refused: who reads the first and who reads the last would differ.</summary>
    public static (ForwardOrder? Order, Problem? Problem) Read(IHeaderDictionary headers)
    {
        foreach (var name in (string[])[TransportHeaders.ForwardUrl, TransportHeaders.ServiceName, TransportHeaders.AuthorizationOverride, TransportHeaders.StopWithoutCertificate])
        {
            if (headers[name].Count > 1)
            {
                return (null, Invalid(name, "is given more than once"));
            }
        }

        if (headers[TransportHeaders.ForwardUrl] is not [{ Length: > 0 } text])
        {
            return (null, new Problem(StatusCodes.Status400BadRequest, "forward_url_missing", $"The header {TransportHeaders.ForwardUrl} is needed."));
        }

        if (!ForwardUrl.TryParse(text, out var url, out var fault))
        {
            return (null, new Problem(StatusCodes.Status400BadRequest, "forward_url_invalid", $"{TransportHeaders.ForwardUrl} {fault}."));
        }

        string? stop = headers[TransportHeaders.StopWithoutCertificate];
        return stop is null || bool.TryParse(stop, out _)
            ? (new ForwardOrder
            {
                Url = url,
                Service = MtlsServices.OfName(headers[TransportHeaders.ServiceName]),
                Authorization = headers[TransportHeaders.AuthorizationOverride] is [{ Length: > 0 } authorization] ? authorization : null,
                StopsWithoutCertificate = stop is not null && bool.Parse(stop),
            }, null)
            : (null, Invalid(TransportHeaders.StopWithoutCertificate, "must be true or false"));
    }

    private static Problem Invalid(string header, string fault) =>
        new(StatusCodes.Status400BadRequest, "transport_header_invalid", $"{header} {fault}.");
}
