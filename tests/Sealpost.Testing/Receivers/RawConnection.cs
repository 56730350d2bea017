using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Sealpost.Testing.Receivers;

/// <summary>One connection of a <see cref="RawReceiver"/>: TCP until <see cref="SecureAsync"/>, TLS from then on.</summary>
/// <param name="socket">The accepted socket, owned from now on.</param>
/// <param name="certificate">The server's certificate, as it is sent.</param>
/// <param name="pace">Between two bytes of what is dripped.</param>
/// <param name="closing">The receiver is disposed.</param>
public sealed class RawConnection(Socket socket, SslStreamCertificateContext certificate, TimeSpan pace, CancellationToken closing) : IDisposable
{
    private readonly NetworkStream _bare = new(socket, ownsSocket: true);
    private SslStream? _tls;

    private Stream Open => _tls ?? (Stream)_bare;

    /// <summary>Between two bytes of what is dripped.</summary>
    public TimeSpan Pace => pace;

    /// <summary>Cancelled when the receiver is disposed.</summary>
    public CancellationToken Closing => closing;

    /// <summary>Shakes hands; offers only the application protocols given, by default none.</summary>
    public async Task SecureAsync(params SslApplicationProtocol[] protocols)
    {
        _tls = new SslStream(_bare);
        await _tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                ApplicationProtocols = protocols.Length > 0 ? [.. protocols] : null,
            },
            closing);
    }

    /// <summary>Reads one HTTP/1.1 request with a Content-Length, and gives its head and body as text.</summary>
    public async Task<(string Head, string Body)> ReadRequestAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await Open.ReadExactlyAsync(one, closing);
            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n")
            .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture))
            .Single();
        var body = new byte[length];
        await Open.ReadExactlyAsync(body, closing);
        return (head.ToString(), Encoding.UTF8.GetString(body));
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer) => Open.ReadAsync(buffer, closing);

    public ValueTask WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await Open.WriteAsync(bytes, closing);
        await Open.FlushAsync(closing);
    }

    /// <summary>Writes a text byte by byte.</summary>
    public async Task DripAsync(string text)
    {
        foreach (var c in text)
        {
            await WriteAsync(c.ToString());
            await Task.Delay(pace, closing);
        }
    }

    /// <summary>Says nothing, and drops what comes, until the peer ends the connection or the receiver is disposed.</summary>
    public async Task HoldAsync()
    {
        var unread = new byte[1024];
        while (await _bare.ReadAsync(unread, closing) > 0)
        {
        }
    }

    /// <summary>Neither reads nor writes, for as long as the receiver lives.</summary>
    public Task FreezeAsync() => Task.Delay(Timeout.Infinite, closing);

    /// <summary>
    /// Is gone, as a machine whose power failed: from now on the system drops every packet of the peer before it is looked at,
    /// so that nothing is acknowledged, answered or refused. The peer's own end is not noticed either.
    /// </summary>
    public async Task VanishAsync(TimeSpan lifetime)
    {
        SocketFilter.DropEverything(socket);
        await Task.Delay(lifetime, closing);
    }

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _bare.Dispose();
    }
}
