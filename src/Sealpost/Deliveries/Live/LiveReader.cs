using System.Threading.Channels;
using Sealpost.Accounts;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// One who follows an account's events: a bounded buffer between the attempts and a connection. When it is full the reader is
/// cut off, rather than anything waiting for it.
/// </summary>
internal sealed class LiveReader(AccountId account) : IDisposable
{
    /// <summary>Events that a connection may lag behind.</summary>
    public const int Capacity = 1024;

    private readonly Channel<LiveEvent> _buffer = Channel.CreateBounded<LiveEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _cutOff = new();

    public AccountId Account { get; } = account;

    public ChannelReader<LiveEvent> Events => _buffer.Reader;

    /// <summary>Cancelled when the reader was too slow.</summary>
    public CancellationToken CutOff => _cutOff.Token;

    /// <summary>Gives it an event; never waits. False: the buffer was full, and it gets no more.</summary>
    public bool Offer(LiveEvent live)
    {
        if (live.Account != Account || _buffer.Writer.TryWrite(live))
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
