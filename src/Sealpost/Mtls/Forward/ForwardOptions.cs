using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>What the forward takes of the settings.</summary>
internal sealed record ForwardOptions
{
    /// <summary>In Production a forward is taken over HTTPS alone: its headers hold credentials that no signature protects.</summary>
    public bool HttpsOnly { get; init; } = true;

    public required SendingOptions Sending { get; init; }

    public required EgressOptions Egress { get; init; }

    public required MtlsOptions Mtls { get; init; }
}
