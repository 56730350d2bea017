namespace Sealpost.Outboxes;

/// <summary>What an account is owed in all: the measure of its limits (contract.md, Limits).</summary>
/// <remarks>Written under the lock of the mailrooms; read without it, where a moment's delay does not matter.</remarks>
internal sealed class PendingTotals
{
    private long _deliveries;
    private long _bytes;

    public long Deliveries => Volatile.Read(ref _deliveries);

    public long Bytes => Volatile.Read(ref _bytes);

    public void Add(long deliveries, long bytes)
    {
        Volatile.Write(ref _deliveries, _deliveries + deliveries);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }
}
