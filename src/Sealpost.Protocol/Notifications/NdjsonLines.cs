namespace Sealpost.Protocol.Notifications;

/// <summary>
/// The events of an <c>application/x-ndjson</c> body: split at LF, one trailing CR is not part of the event, empty lines
/// are skipped but counted (protocol 1). A byte order mark is left where it is, so that <see cref="Envelope"/> refuses it.
/// Use it in a <c>foreach</c>; nothing is copied.
/// </summary>
public readonly struct NdjsonLines(ReadOnlyMemory<byte> body)
{
    public Enumerator GetEnumerator() => new(body);

    public struct Enumerator
    {
        private ReadOnlyMemory<byte> _rest;
        private int _number;

        internal Enumerator(ReadOnlyMemory<byte> body) => _rest = body;

        public NdjsonLine Current { get; private set; }

        public bool MoveNext()
        {
            while (!_rest.IsEmpty)
            {
                var line = TakeLine();
                _number++;
                if (line.IsEmpty)
                    continue;
                Current = new NdjsonLine(_number, line);
                return true;
            }
            return false;
        }

        private ReadOnlyMemory<byte> TakeLine()
        {
            var end = _rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
        }
    }
}

/// <summary>One event of an NDJSON body.</summary>
/// <param name="Number">The line's place in the body, from 1, empty lines counted.</param>
/// <param name="Event">The event's bytes, a slice of the body.</param>
public readonly record struct NdjsonLine(int Number, ReadOnlyMemory<byte> Event);
