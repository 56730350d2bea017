using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Cli.Client;

/// <summary>How the command line reaches a server: certificates are always checked, redirects are never followed, for they would take the token along.</summary>
internal static class ClientHandler
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static SocketsHttpHandler Create(Connection connection) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !connection.Server.IsLoopback,
        ConnectTimeout = ConnectTimeout,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = connection.CaFile is { } file ? TrustBesidesSystem(file) : null,
        },
    };

    // A custom trust store replaces the system's roots, so it gets those too.
    private static X509ChainPolicy TrustBesidesSystem(string caFile)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        system.Open(OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        return policy;
    }
}
