using System.Buffers;
using System.Text.Json;

namespace Sealpost.Protocol.Json;

/// <summary>
/// The names seen in the objects that are open, innermost last, to find one given twice. A small object compares each new
/// name with those before it; a larger one is sorted when it closes, so that a hostile text with 100,000 members costs
/// n log n, with no hash to attack.
/// </summary>
internal struct MemberNames(ReadOnlyMemory<byte> json) : IDisposable
{
    /// <summary>Up to here comparing one by one is cheaper than sorting.</summary>
    private const int SmallObject = 16;

    private NameRange[] _names = ArrayPool<NameRange>.Shared.Rent(64);
    private int _count;
    private int _first;

    // Names with escapes, decoded. As long as the text, so it never grows: a decoded name is shorter than its raw form.
    private byte[]? _decoded;
    private int _decodedLength;

    /// <summary>The name added last.</summary>
    public readonly ReadOnlySpan<byte> Last => _names[_count - 1].In(json.Span, _decoded);

    /// <summary>An object starts. Its first entry remembers where the names of the one around it start.</summary>
    public void Open()
    {
        Push(new NameRange(_first, 0, Decoded: false));
        _first = _count;
    }

    /// <summary>An object ends, at byte <paramref name="end"/>.</summary>
    public void Close(long end)
    {
        var names = _names.AsSpan(_first.._count);
        if (names.Length > SmallObject && HasRepeated(names))
            throw new JsonException($"The object that ends at byte {end} has a member twice.");
        _count = _first - 1;
        _first = _names[_count].Start;
    }

    public void Add(ref Utf8JsonReader reader)
    {
        var name = reader.ValueIsEscaped ? Decode(ref reader) : new NameRange((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, Decoded: false);
        if (_count - _first < SmallObject && IsKnown(name))
            throw new JsonException($"The member at byte {reader.TokenStartIndex} is there twice.");
        Push(name);
    }

    public void Dispose()
    {
        ArrayPool<NameRange>.Shared.Return(_names);
        if (_decoded is not null)
            ArrayPool<byte>.Shared.Return(_decoded);
        _names = [];
        _decoded = null;
    }

    private NameRange Decode(ref Utf8JsonReader reader)
    {
        Surrogates.RefuseLone(ref reader);
        _decoded ??= ArrayPool<byte>.Shared.Rent(json.Length);
        var start = _decodedLength;
        var length = reader.CopyString(_decoded.AsSpan(start));
        _decodedLength += length;
        return new NameRange(start, length, Decoded: true);
    }

    private readonly bool IsKnown(NameRange name)
    {
        var text = json.Span;
        foreach (var known in _names.AsSpan(_first.._count))
        {
            if (known.Length == name.Length && known.In(text, _decoded).SequenceEqual(name.In(text, _decoded)))
                return true;
        }
        return false;
    }

    private readonly bool HasRepeated(Span<NameRange> names)
    {
        var text = json.Span;
        names.Sort(new NameOrder(json, _decoded));
        for (var i = 1; i < names.Length; i++)
        {
            if (names[i - 1].Length == names[i].Length && names[i - 1].In(text, _decoded).SequenceEqual(names[i].In(text, _decoded)))
                return true;
        }
        return false;
    }

    private void Push(NameRange name)
    {
        if (_count == _names.Length)
        {
            var larger = ArrayPool<NameRange>.Shared.Rent(_count * 2);
            _names.CopyTo(larger, 0);
            ArrayPool<NameRange>.Shared.Return(_names);
            _names = larger;
        }
        _names[_count++] = name;
    }

    private readonly record struct NameRange(int Start, int Length, bool Decoded)
    {
        public ReadOnlySpan<byte> In(ReadOnlySpan<byte> json, byte[]? decoded) =>
            Decoded ? decoded.AsSpan(Start, Length) : json.Slice(Start, Length);
    }

    private sealed class NameOrder(ReadOnlyMemory<byte> json, byte[]? decoded) : IComparer<NameRange>
    {
        public int Compare(NameRange x, NameRange y) => x.Length != y.Length
            ? x.Length.CompareTo(y.Length)
            : x.In(json.Span, decoded).SequenceCompareTo(y.In(json.Span, decoded));
    }
}
