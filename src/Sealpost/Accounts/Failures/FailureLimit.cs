using System.Collections.Concurrent;

namespace Sealpost.Accounts.Failures;

/// <summary>
/// How often an address may fail: <paramref name="burst"/> times at once, and as often again in each <paramref name="period"/>. Only
/// failures count, so whoever does not fail is never held up by itself. Memory is bounded: of the addresses that failed, the
/// <paramref name="mostAddresses"/> latest or half of that are known. Thread safe; a look takes no lock.
/// </summary>
/// <param name="burst">Failures at once; from 1.</param>
/// <param name="period">In which as many are forgiven.</param>
/// <param name="mostAddresses">Addresses remembered, at most; from 2.</param>
/// <param name="time">The clock.</param>
internal sealed class FailureLimit(int burst, TimeSpan period, int mostAddresses, TimeProvider time)
{
    private readonly long _interval = (long)(period / burst / TimeSpan.FromSeconds(1) * time.TimestampFrequency);
    private readonly Lock _lock = new();

    // For each address the time at which all its failures are forgiven. When the younger half is full the older is dropped whole.
    private volatile ConcurrentDictionary<RemoteAddress, long> _younger = new();
    private volatile ConcurrentDictionary<RemoteAddress, long> _older = new();
    private int _count;

    /// <summary>How long <paramref name="address"/> has to wait before it may try again; null: it may now.</summary>
    public TimeSpan? Wait(RemoteAddress address)
    {
        if (!TryFind(address, out var forgiven))
        {
            return null;
        }

        var now = time.GetTimestamp();
        var mayTry = forgiven - ((burst - 1) * _interval);
        return mayTry > now ? time.GetElapsedTime(now, mayTry) : null;
    }

    public void Failed(RemoteAddress address)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            TryFind(address, out var forgiven);

            // Tries that were under way together do not add up beyond the burst: the wait stays one interval.
            var next = Math.Min(Math.Max(forgiven, now) + _interval, now + (burst * _interval));
            if (_younger.TryAdd(address, next))
            {
                Count();
            }
            else
            {
                _younger[address] = next;
            }
        }
    }

    /// <summary>Addresses that are remembered now.</summary>
    public int Remembered => _younger.Count + _older.Count;

    private bool TryFind(RemoteAddress address, out long forgiven) =>
        _younger.TryGetValue(address, out forgiven) || _older.TryGetValue(address, out forgiven);

    private void Count()
    {
        if (++_count >= mostAddresses / 2)
        {
            _older = _younger;
            _younger = new();
            _count = 0;
        }
    }
}
