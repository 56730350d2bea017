using System.Buffers;
using Sealpost.Protocol.Json;

namespace Sealpost.Protocol.Notifications;

/// <summary>Where one element of <c>body.changes</c> lies, and what it says.</summary>
internal readonly record struct Change(int Start, int End, JsonText Conversation, JsonText EventType)
{
    public int Length => End - Start;
}

/// <summary>The elements of <c>body.changes</c> in their order; empty as well where the member is no array.</summary>
internal sealed class ChangeList : IDisposable
{
    private Change[] _changes = ArrayPool<Change>.Shared.Rent(16);
    private int _count;

    /// <summary>The envelope up to and with <c>[</c>, in bytes.</summary>
    public int BodyBefore { get; set; }

    /// <summary>Where the envelope goes on, with <c>]</c>.</summary>
    public int BodyAfter { get; set; }

    /// <summary>The bytes of the envelope around the changes, in an event of <paramref name="jsonLength"/> bytes.</summary>
    public int EnvelopeLength(int jsonLength) => BodyBefore + jsonLength - BodyAfter;

    public ReadOnlySpan<Change> All => _changes.AsSpan(0, _count);

    public void Add(Change change)
    {
        if (_count == _changes.Length)
        {
            var larger = ArrayPool<Change>.Shared.Rent(_count * 2);
            _changes.CopyTo(larger, 0);
            ArrayPool<Change>.Shared.Return(_changes);
            _changes = larger;
        }
        _changes[_count++] = change;
    }

    public void Dispose()
    {
        ArrayPool<Change>.Shared.Return(_changes);
        _changes = [];
        _count = 0;
    }
}
