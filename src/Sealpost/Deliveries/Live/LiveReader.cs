using System.Threading.Channels;
using Sealpost.Accounts;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// One who follows an account's events: a bounded buffer between the attempts and a connection. When it is full the reader is
/// cut off, rather than anything waiting for it.
/// </summary>
/// <param name="account">Whose events.</param>
/// <param name="filter">Which of them.</param>
/// <param name="missed">What it gets before the new ones.</param>
/// <param name="joinedAt">The newest event's id when it began to follow.</param>
internal sealed class LiveReader(AccountId account, LiveFilter filter, IReadOnlyList<LiveEvent> missed, long joinedAt) : IDisposable
{
    /// <summary>Events that a connection may lag behind.</summary>
    public const int Capacity = 1024;

    private readonly Channel<LiveEvent> _buffer = Channel.CreateBounded<LiveEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _cutOff = new();

    public AccountId Account { get; } = account;

    /// <summary>What happened since the reader was here last, a gap in it included.</summary>
    public IReadOnlyList<LiveEvent> Missed { get; } = missed;

    /// <summary>Every event up to this id is missed or not wanted; what is above comes by <see cref="Events"/>.</summary>
    public long JoinedAt { get; } = joinedAt;

    /// <summary>What happens. It ends when the reader was too slow; what it holds then is still good.</summary>
    public ChannelReader<LiveEvent> Events => _buffer.Reader;

    /// <summary>Cancelled when the reader was too slow.</summary>
    public CancellationToken CutOff => _cutOff.Token;

    /// <summary>Gives it an event; never waits. False: the buffer was full, and it gets no more.</summary>
    public bool Offer(LiveEvent live)
    {
        if (live.Account != Account || !filter.Passes(live) || _buffer.Writer.TryWrite(live))
        {
            return true;
        }

        _buffer.Writer.TryComplete();

        // Its connection wakes on a thread of its own: whoever offers holds the lock of all readers.
        _ = _cutOff.CancelAsync();
        return false;
    }

    public void Dispose() => _cutOff.Dispose();
}
