using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Hosting.Lifetime;

namespace Sealpost.Hosting.Certificates;

/// <summary>What the HTTPS port presents: a certificate, its chain as the file has it, and TLS 1.2 and 1.3.</summary>
internal static class ServerCertificate
{
    /// <exception cref="StartException">A file cannot be read, or the key is not the certificate's.</exception>
    public static SslServerAuthenticationOptions Load(string certificatePath, string keyPath) =>
        Load(PairFiles.Read(certificatePath, keyPath), out var error)
            ?? throw new StartException($"Server:Certificate {certificatePath} with Server:CertificateKey {keyPath}: {error}");

    /// <summary>Null, with one line on what is wrong.</summary>
    public static SslServerAuthenticationOptions? Load(PairFiles files, out string? error)
    {
        var certificate = PemPair.Load(files, out error);
        if (certificate is null)
        {
            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(files.Certificate);
            return new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // Offline: building the chain must not fetch what the certificate names.
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            };
        }
        catch (CryptographicException e)
        {
            error = e.Message;
            certificate.Dispose();
            return null;
        }
    }
}
