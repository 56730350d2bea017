using System.Net.Sockets;

namespace Sealpost.Sending;

/// <summary>
/// What a failed exchange comes to: its kind and one line for the log of attempts. The line is ours, not the platform's,
/// whose texts may hold addresses and paths.
/// </summary>
internal readonly record struct SendFailure(OutcomeKind Kind, string Error)
{
    /// <summary>The attempt was cancelled while in <paramref name="phase"/>.</summary>
    public static SendFailure FromDeadline(AttemptPhase phase) => phase switch
    {
        AttemptPhase.Connecting => new(OutcomeKind.ConnectTimeout, "no connection within the connect timeout"),
        AttemptPhase.Writing => new(OutcomeKind.ReadTimeout, "the endpoint did not take the request within the response timeout"),
        AttemptPhase.Waiting => new(OutcomeKind.ReadTimeout, "no status line and headers within the response timeout"),
        AttemptPhase.Reading => throw new ArgumentException("the outcome is decided before the body", nameof(phase)),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, message: null),
    };

    public static SendFailure FromStop() => new(OutcomeKind.Abandoned, "the process stopped before an answer");

    /// <summary>The handler gave up on its own.</summary>
    public static SendFailure From(HttpRequestException failure)
    {
        if (Find<EgressDeniedException>(failure) is { } denied)
        {
            return new(OutcomeKind.EgressDenied, denied.Message);
        }

        if (TlsAlerts.DemandsCertificate(failure))
        {
            return new(OutcomeKind.Tls, "the endpoint demands a client certificate");
        }

        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => FromLookup(),
            HttpRequestError.ConnectionError => FromConnecting(failure),
            HttpRequestError.SecureConnectionError => FromHandshake(failure),
            HttpRequestError.InvalidResponse when EndedAtOnce(failure) => new(
                OutcomeKind.Closed, "the endpoint ended the connection right after the TLS handshake, as one does that demands a client certificate"),
            HttpRequestError.InvalidResponse => new(OutcomeKind.InvalidResponse, "the endpoint's answer is not HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => new(OutcomeKind.InvalidResponse, "the endpoint's headers are too long"),
            HttpRequestError.HttpProtocolError => FromHttp2(failure),
            _ => new(OutcomeKind.Closed, "the connection ended before an answer"),
        };
    }

    // Over HTTP/2 the platform says that the answer is invalid where none came at all.
    private static bool EndedAtOnce(HttpRequestException failure) =>
        failure.InnerException is HttpIOException { InnerException: HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } };

    private static SendFailure FromLookup() => new(OutcomeKind.Dns, "the endpoint's host name has no address");

    private static SendFailure FromConnecting(HttpRequestException failure) => Find<SocketException>(failure)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => FromLookup(),
        SocketError.TimedOut => FromDeadline(AttemptPhase.Connecting),
        SocketError.ConnectionRefused => new(OutcomeKind.Refused, "the endpoint refused the connection"),
        _ => new(OutcomeKind.Refused, "no connection to the endpoint could be made"),
    };

    private static SendFailure FromHandshake(HttpRequestException failure) => failure.InnerException switch
    {
        CertificateRefusedException refused => new(OutcomeKind.Tls, refused.Message),
        IOException => new(OutcomeKind.Tls, "the connection ended in the TLS handshake"),
        _ => new(OutcomeKind.Tls, "the TLS handshake failed"),
    };

    /// <summary>RFC 9113, 7: the codes that say the frames were wrong; the others only end the exchange.</summary>
    private static SendFailure FromHttp2(HttpRequestException failure) => Find<HttpProtocolException>(failure)?.ErrorCode switch
    {
        0x1 or 0x3 or 0x5 or 0x6 or 0x9 => new(OutcomeKind.InvalidResponse, "the endpoint's answer is not HTTP/2"),
        _ => new(OutcomeKind.Closed, "the endpoint ended the HTTP/2 stream before an answer"),
    };

    private static T? Find<T>(Exception failure)
        where T : Exception
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
