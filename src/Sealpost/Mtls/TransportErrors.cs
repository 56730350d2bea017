using Sealpost.Sending;

namespace Sealpost.Mtls;

/// <summary>The words of <see cref="TransportHeaders.Error"/>, both ways.</summary>
internal static class TransportErrors
{
    private static readonly (string Word, OutcomeKind Kind)[] Words =
    [
        ("connect_timeout", OutcomeKind.ConnectTimeout),
        ("read_timeout", OutcomeKind.ReadTimeout),
        ("tls", OutcomeKind.Tls),
        ("certificate_rejected", OutcomeKind.CertificateRejected),
        ("refused", OutcomeKind.Refused),
        ("dns", OutcomeKind.Dns),
        ("closed", OutcomeKind.Closed),
        ("egress_denied", OutcomeKind.EgressDenied),
    ];

    /// <summary>The word for a request that got no answer; an answer that is no HTTP is a connection that is good for nothing.</summary>
    public static string Of(OutcomeKind kind) => Words.FirstOrDefault(entry => entry.Kind == kind).Word ?? "closed";

    /// <summary>What a word means; null when it is none.</summary>
    public static OutcomeKind? KindOf(string? word)
    {
        foreach (var (known, kind) in Words)
        {
            if (known == word)
            {
                return kind;
            }
        }

        return null;
    }
}
