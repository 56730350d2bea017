using System.Collections.Concurrent;
using Sealpost.Protocol.OAuth1;
using Sealpost.Storage;

namespace Sealpost.Accounts.AppKeys;

/// <summary>
/// Takes each nonce once: a request that was let through is not let through again, not even after a crash. What comes while one commit
/// is on its way is written by the next, all in one. Thread safe.
/// </summary>
/// <remarks>
/// There is no loop that idles: whoever comes while nobody writes, writes; a commit takes some microseconds, less than waking another
/// thread. Old nonces go in the same commits, more of them than come, so the table does not grow beyond what one window brings.
/// </remarks>
/// <param name="store">Where they are kept.</param>
/// <param name="time">The time.</param>
/// <param name="broken">Told when the store failed in a way that must end the process.</param>
internal sealed class NonceBook(INonceStore store, TimeProvider time, Action<Exception> broken)
{
    /// <summary>Nonces of one commit at most: some milliseconds.</summary>
    private const int MaxBatch = 1000;

    /// <summary>Rows that a commit deletes at least, if there are any: a commit of one nonce costs hardly more with them.</summary>
    private const int MinForgotten = 100;

    // Beyond the window by as much again: a clock that is set back must not bring a used nonce back.
    private static readonly TimeSpan KeptFor = 2 * OAuthVerifier.Window;

    private readonly ConcurrentQueue<Entry> _waiting = new();
    private int _isWriting;

    /// <summary>
    /// Whether a request of this time may have been let through before the store knew of it: after a power cut, what was signed before
    /// the machine came up again.
    /// </summary>
    public bool MayHaveForgotten(long signedAt) => signedAt < store.KnownSince.ToUnixTimeSeconds();

    /// <summary>True when the nonce is new; it is used from then on.</summary>
    /// <exception cref="StoreException">It could not be kept.</exception>
    public Task<bool> TakeAsync(UsedNonce nonce)
    {
        var entry = new Entry(nonce, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Enqueue(entry);
        if (BecomeWriter())
        {
            WriteOnce();
        }

        return entry.IsNew.Task;
    }

    private bool BecomeWriter() => !_waiting.IsEmpty && Interlocked.Exchange(ref _isWriting, 1) == 0;

    private void WriteOnce()
    {
        if (NextBatch() is { Count: > 0 } batch)
        {
            Write(batch);
        }

        Volatile.Write(ref _isWriting, 0);

        // Whoever came meanwhile saw somebody write, and waits; but nobody writes for others for ever.
        if (BecomeWriter())
        {
            _ = Task.Run(WriteOnce);
        }
    }

    private List<Entry> NextBatch()
    {
        var batch = new List<Entry>();
        while (batch.Count < MaxBatch && _waiting.TryDequeue(out var entry))
        {
            batch.Add(entry);
        }

        return batch;
    }

    private void Write(List<Entry> batch)
    {
        try
        {
            var isNew = store.Keep(batch.ConvertAll(entry => entry.Nonce), time.GetUtcNow() - KeptFor, Math.Max(MinForgotten, 2 * batch.Count));
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].IsNew.SetResult(isNew[i]);
            }
        }
        catch (Exception e)
        {
            if (e is StoreException { Fault: not StoreFault.Full })
            {
                broken(e);
            }

            batch.ForEach(entry => entry.IsNew.TrySetException(e));
        }
    }

    private sealed record Entry(UsedNonce Nonce, TaskCompletionSource<bool> IsNew);
}
