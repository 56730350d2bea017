namespace Sealpost.Mtls.Certificates;

/// <summary>Goes on wiping what the vault could not be asked to wipe at the time.</summary>
internal sealed class LeftoverSweep(CertificateRegistry certificates, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _last;

    /// <summary>Called every second or so, one call at a time.</summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        if (_last is { } last && time.GetElapsedTime(last) < Interval)
        {
            return;
        }

        _last = time.GetTimestamp();
        await certificates.WipeAsync(cancellation);
    }
}
