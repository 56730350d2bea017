using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;

namespace Sealpost.Mtls.Mappings;

/// <summary>Which certificate is presented where (protocol 5).</summary>
internal sealed record Mapping
{
    /// <summary>Its number; 0 until the store gives one.</summary>
    public long Id { get; init; }

    public required AccountId Account { get; init; }

    /// <summary>Unique in the account.</summary>
    public required string Name { get; init; }

    public required MtlsService Service { get; init; }

    /// <summary>The URL as it was given; answers give it back so.</summary>
    public required string Url { get; init; }

    /// <summary>The URL as it is compared; unique for account and service.</summary>
    public required ForwardUrl Target { get; init; }

    /// <summary>The certificate; it may be gone, and then nothing is forwarded.</summary>
    public required CertificateId Certificate { get; init; }

    /// <summary>A disabled one is as none.</summary>
    public required bool Enabled { get; init; }
}
