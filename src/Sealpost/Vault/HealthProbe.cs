namespace Sealpost.Vault;

/// <summary>Asks a vault now and then whether it is well, so that an outage shows before somebody needs a key.</summary>
internal sealed class HealthProbe(Func<CancellationToken, Task<VaultAnswer>> probe, VaultWatch watch, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long? _last;

    /// <summary>Called every second or so, one call at a time.</summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        // In an outage the pauses of the watch decide: they begin shorter than the interval.
        var due = watch.Condition == VaultCondition.Reached
            ? _last is not { } last || time.GetElapsedTime(last) >= Interval
            : watch.Outage is null;
        if (due)
        {
            _last = time.GetTimestamp();
            watch.Heard(await probe(cancellation));
        }
    }
}
