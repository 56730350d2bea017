using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Sealpost.Hosting.Certificates;
using Sealpost.Hosting.Lifetime;
using Sealpost.Vault;

namespace Sealpost.Hosting;

/// <summary>The server's certificate, joined: its files, what is presented, and the loop that follows the files.</summary>
internal sealed class ServerTls
{
    private const string Loop = "certificate";

    private readonly Foundation _foundation;
    private readonly DevelopmentCertificates _development;
    private readonly PairFiles _served;

    /// <exception cref="StartException">The certificate cannot be read, or the key is not its own.</exception>
    /// <exception cref="VaultException">A key of the development's certificates cannot be written.</exception>
    public ServerTls(Foundation foundation, DevelopmentCertificates development)
    {
        (_foundation, _development) = (foundation, development);
        var (certificate, key) = Paths;
        if (!IsOwn)
        {
            development.Ensure(foundation.Settings.Server.Bind);
        }

        _served = PairFiles.Read(certificate, key);
        var options = ServerCertificate.Load(_served, out var error)
            ?? throw new StartException($"Server:Certificate {certificate} with Server:CertificateKey {key}: {error}");
        Presented = new PresentedCertificate(options, foundation.Time);
        foundation.Metrics.WatchCertificate(() => Presented.Left);
    }

    /// <summary>What new connections get.</summary>
    public PresentedCertificate Presented { get; }

    private bool IsOwn => _foundation.Settings.Server.Certificate is not null;

    private (string Certificate, string Key) Paths => _foundation.Settings.Server is { Certificate: { } certificate, CertificateKey: { } key }
        ? (certificate, key)
        : (_development.ServerPath, _development.ServerKeyPath);

    /// <summary>Follows the files from now on; it ends when the process stops.</summary>
    /// <param name="replaced">Told of each new certificate, before the first handshake with it.</param>
    public void Start(Action<X509Certificate2> replaced)
    {
        var watch = new CertificateWatch(
            Presented, _served, Read, replaced, _foundation.Time, _foundation.Loggers.CreateLogger<CertificateWatch>());
        var beat = _foundation.Heartbeats.Start(Loop).Beat;
        _foundation.Loops.Start(Loop, () => watch.RunAsync(beat, _foundation.Shutdown.Stopping));
    }

    private PairFiles Read()
    {
        try
        {
            if (!IsOwn && Presented.Left <= DevelopmentCertificates.RenewBefore)
            {
                _development.Ensure(_foundation.Settings.Server.Bind);
            }
        }
        catch (Exception e) when (e is StartException or VaultException or IOException or UnauthorizedAccessException)
        {
            return new PairFiles("", "", e.Message);
        }

        var (certificate, key) = Paths;
        return PairFiles.Read(certificate, key);
    }
}
