using Sealpost.Mtls.Certificates;
using Sealpost.Vault;

namespace Sealpost.Operations;

/// <summary>
/// Warns of certificates that end soon, each 30, 7 and 1 days ahead and each once. It is told first and remembered then: a crash
/// between the two tells it again, and never loses it.
/// </summary>
/// <param name="certificates">The certificates there are.</param>
/// <param name="tell">Tells operators; false: not now, the process stops.</param>
/// <param name="time">The clock.</param>
internal sealed class ExpiryWatch(CertificateRegistry certificates, Func<OperationalEvent, Task<bool>> tell, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Told, and not remembered yet because the disk is full.
    private readonly Dictionary<VaultPlace, int> _told = [];
    private long? _last;

    /// <summary>Called every second or so, one call at a time.</summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        if (_last is { } last && time.GetElapsedTime(last) < Interval)
        {
            return;
        }

        _last = time.GetTimestamp();
        foreach (var certificate in certificates.Directory.All())
        {
            cancellation.ThrowIfCancellationRequested();
            if (ExpiryRules.Due(certificate.ExpiresAt, certificate.WarnedDays, time.GetUtcNow()) is { } days && !await WarnAsync(certificate, days))
            {
                return;
            }
        }
    }

    private async Task<bool> WarnAsync(ClientCertificate certificate, int days)
    {
        var isTold = _told.TryGetValue(certificate.Place, out var before) && before == days;
        if (!isTold && !await tell(new CertificateEvent(certificate, days, time.GetUtcNow())))
        {
            return false;
        }

        _told[certificate.Place] = days;
        if (certificates.Warned(certificate, days))
        {
            _told.Remove(certificate.Place);
        }

        return true;
    }
}
