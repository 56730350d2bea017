using Sealpost.Accounts;
using Sealpost.Publishing;

namespace Sealpost.Mailrooms;

/// <summary>
/// Whether an account may store more (contract.md, Limits). Judged before a submission is admitted: one that starts below its
/// limit is accepted whole.
/// </summary>
/// <remarks>Not thread-safe: the ledger thread's own.</remarks>
internal sealed class IntakeLimits(LimitOptions options, AllMailrooms mailrooms, Func<long> freeDiskBytes, TimeProvider clock)
{
    private static readonly TimeSpan DiskInterval = TimeSpan.FromMilliseconds(500);

    private long _diskSeen;
    private bool _isLow;
    private bool _hasLooked;

    public Refusal Judge(AccountId account)
    {
        if (IsDiskLow())
        {
            return Refusal.DiskReserve;
        }

        var totals = mailrooms.TotalsOf(account);
        return totals.Deliveries >= options.StoredPerAccount || totals.Bytes >= options.StoredBytesPerAccount
            ? Refusal.BacklogFull
            : Refusal.None;
    }

    private bool IsDiskLow()
    {
        if (!_hasLooked || clock.GetElapsedTime(_diskSeen) >= DiskInterval)
        {
            _hasLooked = true;
            _diskSeen = clock.GetTimestamp();
            _isLow = freeDiskBytes() < options.DiskReserveBytes;
        }

        return _isLow;
    }
}
