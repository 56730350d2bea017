using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sealpost.Benchmarks.Measuring;

namespace Sealpost.Benchmarks.Roles;

/// <summary>
/// One keep-alive connection that publishes from one prebuilt buffer: it shares the cores with what it measures, so it does
/// as little as it can. One request at a time.
/// </summary>
internal sealed class PublishConnection : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private const int LineLength = EventTemplate.Size + 1;

    private static ReadOnlySpan<byte> LengthName => "Content-Length: "u8;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[LongestAnswer];
    private readonly byte[] _request;
    private readonly int _eventTypeAt, _bodyAt;
    private readonly PublisherOrder _order;

    private PublishConnection(PublisherOrder order)
    {
        _order = order;
        var single = order.Lines == 1;
        var query = order.EventTypes > 0 ? $"?eventType={EventType(0)}" : "";
        var head = Encoding.ASCII.GetBytes(
            $"POST /api/account/{order.Account}/notifications{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {order.Token}\r\n"
            + $"Content-Type: application/{(single ? "json" : "x-ndjson")}\r\nContent-Length: {(single ? EventTemplate.Size : order.Lines * LineLength)}\r\n\r\n");
        _eventTypeAt = head.AsSpan().IndexOf(Encoding.ASCII.GetBytes(EventType(0)));
        _bodyAt = head.Length;
        _request = new byte[head.Length + (single ? EventTemplate.Size : order.Lines * LineLength)];
        head.CopyTo(_request, 0);
        for (var line = 0; line < order.Lines; line++)
        {
            EventTemplate.Bytes.CopyTo(Line(line));
            if (!single)
            {
                _request[_bodyAt + (line * LineLength) + EventTemplate.Size] = (byte)'\n';
            }
        }
    }

    /// <summary>The name of an event type by its number, always as long.</summary>
    public static string EventType(int number) => $"bench.Event{number:D5}";

    public static async Task<PublishConnection> OpenAsync(PublisherOrder order)
    {
        var connection = new PublishConnection(order);
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, order.Port));
        return connection;
    }

    /// <summary>Publishes one request's lines, numbered from <paramref name="first"/>; false when it was refused.</summary>
    public async ValueTask<bool> PublishAsync(long first)
    {
        for (var line = 0; line < _order.Lines; line++)
        {
            EventTemplate.Patch(Line(line), first + line, _order.Conversations);
        }

        if (_order.EventTypes > 0)
        {
            Encoding.ASCII.GetBytes(EventType((int)(first % _order.EventTypes)), _request.AsSpan(_eventTypeAt));
        }

        for (var sent = 0; sent < _request.Length;)
        {
            sent += await _socket.SendAsync(_request.AsMemory(sent));
        }

        for (var length = 0; ;)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The service closed a publishing connection.");
            }

            length += read;
            if (IsWhole(_answer.AsSpan(0, length)))
            {
                return _answer.AsSpan(9, 3).SequenceEqual("202"u8);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private Span<byte> Line(int line) => _request.AsSpan(_bodyAt + (line * LineLength), EventTemplate.Size);

    /// <summary>Whether an answer has come to its end.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var headEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return false;
        }

        var lengthAt = answer[..headEnd].IndexOf(LengthName);
        if (lengthAt < 0)
        {
            return answer.EndsWith("\r\n0\r\n\r\n"u8); // chunked
        }

        return Utf8Parser.TryParse(answer[(lengthAt + LengthName.Length)..], out int body, out _) && answer.Length >= headEnd + 4 + body;
    }
}
