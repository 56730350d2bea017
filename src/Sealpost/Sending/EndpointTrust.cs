using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Sending;

/// <summary>Whose certificates are believed: the system's roots, and the operator's besides.</summary>
internal static class EndpointTrust
{
    /// <summary>The chain policy of every outgoing handshake.</summary>
    /// <param name="trustedRoots">PEM files.</param>
    /// <param name="setting">The setting that names them, for the message.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or holds no certificate.</exception>
    public static X509ChainPolicy PolicyWith(IReadOnlyList<string> trustedRoots, string setting = "Egress:TrustedRoots")
    {
        var policy = new X509ChainPolicy
        {
            // An issuer's URL in a hostile certificate would be fetched past the egress guard and past every deadline.
            DisableCertificateDownloads = true,
            // A policy's own default would be to ask online (dotnet/runtime #111704).
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (trustedRoots.Count == 0)
        {
            return policy;
        }

        // A custom store replaces the system's: it must hold both.
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        AddSystemRoots(policy.CustomTrustStore, StoreLocation.LocalMachine);
        AddSystemRoots(policy.CustomTrustStore, StoreLocation.CurrentUser);
        foreach (var file in trustedRoots)
        {
            AddFile(policy.CustomTrustStore, file, setting);
        }

        return policy;
    }

    private static void AddSystemRoots(X509Certificate2Collection roots, StoreLocation location)
    {
        using var store = new X509Store(StoreName.Root, location, OpenFlags.ReadOnly);
        roots.AddRange(store.Certificates);
    }

    private static void AddFile(X509Certificate2Collection roots, string file, string setting)
    {
        var before = roots.Count;
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidDataException($"{setting}: '{file}' cannot be read: {e.Message}", e);
        }

        if (roots.Count == before)
        {
            throw new InvalidDataException($"{setting}: no certificate in '{file}'");
        }
    }
}
