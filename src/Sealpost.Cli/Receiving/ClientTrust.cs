using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Cli.Receiving;

/// <summary>Which client certificates a receiver takes: those that chain to these roots, are valid now, and are meant for clients.</summary>
internal sealed class ClientTrust(X509Certificate2Collection roots)
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <exception cref="VerbFailedException">The file cannot be read or holds no certificate.</exception>
    public static ClientTrust Read(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new VerbFailedException($"--client-ca {file}: {e.Message}");
        }

        return roots.Count > 0 ? new ClientTrust(roots) : throw new VerbFailedException($"--client-ca {file}: there is no certificate in it.");
    }

    /// <summary>Whether a client that shows this may go on.</summary>
    public bool Accepts(X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUsage));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }
}
