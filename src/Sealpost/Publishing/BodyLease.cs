using System.Buffers;

namespace Sealpost.Publishing;

/// <summary>One request's body in a buffer from the pool, given back at the end.</summary>
internal sealed class BodyLease : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = [];
    private BodyBudget? _budget;

    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Reads a body to its end.</summary>
    /// <param name="stream">The request's body.</param>
    /// <param name="announced">Its length, where the request says it.</param>
    /// <param name="maxBytes">The most it may have.</param>
    /// <param name="budget">What all bodies together may take.</param>
    /// <param name="cancellation">The request was given up.</param>
    public async ValueTask<BodyRead> ReadAsync(Stream stream, long? announced, int maxBytes, BodyBudget budget, CancellationToken cancellation)
    {
        if (announced > maxBytes)
        {
            return BodyRead.TooLarge;
        }

        _budget = budget;
        var filled = 0;
        if (!Grow((int)(announced ?? FirstBytes) + 1, filled))
        {
            return BodyRead.Busy;
        }

        int read;
        while ((read = await stream.ReadAsync(_buffer.AsMemory(filled), cancellation)) > 0)
        {
            filled += read;
            if (filled > maxBytes)
            {
                return BodyRead.TooLarge;
            }

            if (filled == _buffer.Length && !Grow(2 * filled, filled))
            {
                return BodyRead.Busy;
            }
        }

        Body = _buffer.AsMemory(0, filled);
        return BodyRead.Whole;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            _budget!.Release(_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private bool Grow(int bytes, int filled)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        if (!_budget!.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _buffer.AsSpan(0, filled).CopyTo(larger);
        Dispose();
        _buffer = larger;
        return true;
    }
}

/// <summary>How the reading of a body ended.</summary>
internal enum BodyRead
{
    Whole,
    TooLarge,

    /// <summary>All bodies together take what they may.</summary>
    Busy,
}
