using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Hosting.Certificates;

/// <summary>
/// The certificate that the HTTPS port presents now. A new connection takes what is here at its handshake; open ones keep theirs.
/// Thread safe.
/// </summary>
internal sealed class PresentedCertificate(SslServerAuthenticationOptions first, TimeProvider time)
{
    private volatile SslServerAuthenticationOptions _options = first;
    private volatile bool _isPending;

    /// <summary>What a handshake is made with.</summary>
    public SslServerAuthenticationOptions Options => _options;

    public X509Certificate2 Certificate => _options.ServerCertificateContext!.TargetCertificate;

    public DateTimeOffset Ends => new(Certificate.NotAfter.ToUniversalTime());

    /// <summary>How long it is good for; negative once it has ended.</summary>
    public TimeSpan Left => Ends - time.GetUtcNow();

    /// <summary>It has ended, or its files were changed to what cannot be presented.</summary>
    public bool IsDegraded => _isPending || Left <= TimeSpan.Zero;

    /// <summary>From the next handshake on.</summary>
    public void Replace(SslServerAuthenticationOptions options)
    {
        _options = options;
        _isPending = false;
    }

    /// <summary>The files hold something else that cannot be presented: what was presented before goes on.</summary>
    public void Keep() => _isPending = true;

    /// <summary>The files are again what is presented.</summary>
    public void Restored() => _isPending = false;
}
