using System.Security.Cryptography.X509Certificates;
using Sealpost.Testing.Certificates;

namespace Sealpost.Testing.Tls;

/// <summary>The authorities of the TLS cases, and what the service's side may present.</summary>
public sealed class TlsAuthorities : IDisposable
{
    /// <summary>How long the client certificate that is to expire is good for: long enough to be uploaded.</summary>
    public static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(3);

    /// <summary>The service trusts it.</summary>
    public Pki Trusted { get; } = new();

    /// <summary>Nobody trusts it.</summary>
    public Pki Unknown { get; } = new("Sealpost unknown root");

    /// <summary>Endpoints that demand a client certificate trust it.</summary>
    public Pki Clients { get; } = new("Sealpost clients' root");

    /// <summary>What is configured for the endpoint, as a p12 file; null: nothing.</summary>
    public byte[]? P12Of(ClientPresented presented)
    {
        using var certificate = presented switch
        {
            ClientPresented.Nothing => null,
            ClientPresented.Sound => Clients.Client(),
            ClientPresented.OfAnotherAuthority => Unknown.Client(),
            ClientPresented.Expired => Clients.ShortLivedClient(ShortLife),
            _ => throw new ArgumentOutOfRangeException(nameof(presented), presented, message: null),
        };
        return certificate is null ? null : P12Files.Of(certificate, [X509CertificateLoader.LoadCertificate(IssuerOf(presented).Authority.RawData)]);
    }

    /// <summary>Whether a client certificate comes from <see cref="Clients"/>.</summary>
    public bool HasIssued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(Clients.Authority);
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Trusted.Dispose();
        Unknown.Dispose();
        Clients.Dispose();
    }

    private Pki IssuerOf(ClientPresented presented) => presented == ClientPresented.OfAnotherAuthority ? Unknown : Clients;
}
