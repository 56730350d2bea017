using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sealpost.Testing.Receivers;

/// <summary>One connection of a <see cref="RawReceiver"/>: TCP until <see cref="SecureAsync"/>, TLS from then on.</summary>
/// <param name="socket">The accepted socket, owned from now on.</param>
/// <param name="certificate">The server's certificate.</param>
/// <param name="closing">The receiver is disposed.</param>
public sealed class RawConnection(Socket socket, X509Certificate2 certificate, CancellationToken closing) : IDisposable
{
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Cancelled when the receiver is disposed.</summary>
    public CancellationToken Closing => closing;

    /// <summary>Shakes hands; offers only the application protocols given, by default none.</summary>
    public async Task SecureAsync(params SslApplicationProtocol[] protocols)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                // Offline: else the server's own platform would fetch a missing issuer.
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
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
            await _stream.ReadExactlyAsync(one, closing);
            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n")
            .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture))
            .Single();
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, closing);
        return (head.ToString(), Encoding.UTF8.GetString(body));
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer) => _stream.ReadAsync(buffer, closing);

    public ValueTask WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, closing);
        await _stream.FlushAsync(closing);
    }

    /// <summary>Writes a text byte by byte.</summary>
    public async Task DripAsync(string text, TimeSpan pace)
    {
        foreach (var c in text)
        {
            await WriteAsync(c.ToString());
            await Task.Delay(pace, closing);
        }
    }

    /// <summary>Does nothing, for as long as the receiver lives.</summary>
    public Task HoldAsync() => Task.Delay(Timeout.Infinite, closing);

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
