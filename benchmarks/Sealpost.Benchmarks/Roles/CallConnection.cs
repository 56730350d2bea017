using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks.Roles;

/// <summary>
/// One keep-alive connection over TLS that signs and sends one request at a time. It shares the cores with what it measures, so it
/// does little else: the server's certificate, which is not what is measured, is not looked at.
/// </summary>
internal sealed class CallConnection : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private const int Conversations = 4000;

    private readonly byte[] _answer = new byte[LongestAnswer];
    private readonly byte[] _body = EventTemplate.Bytes.ToArray();
    private readonly byte[] _secret;
    private readonly string _firstLines;
    private readonly string _lastLines;
    private readonly CallerOrder _order;
    private readonly SslStream _stream;

    private CallConnection(CallerOrder order, SslStream stream)
    {
        (_order, _stream) = (order, stream);
        _secret = Encoding.UTF8.GetBytes(order.Secret);
        _firstLines = $"POST {order.Url.PathAndQuery} HTTP/1.1\r\nHost: {order.Url.Authority}\r\nLP-service-name: WEBHOOKS\r\nLP-forward-url: {order.Endpoint.OriginalString}\r\n";
        _lastLines = $"x-liveperson-account-id: bench\r\nContent-Type: application/json\r\nContent-Length: {_body.Length}\r\n\r\n";
    }

    public static async Task<CallConnection> OpenAsync(CallerOrder order)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, order.Url.Port));
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = order.Url.Host,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            ClientCertificates = order.ClientPath is { } path ? [X509CertificateLoader.LoadPkcs12FromFile(path, password: null)] : null,
        });
        return new CallConnection(order, stream);
    }

    /// <summary>Sends the event of this number; true when it was answered 200.</summary>
    public async ValueTask<bool> CallAsync(long number)
    {
        EventTemplate.Patch(_body, number, Conversations);
        var head = $"{_firstLines}Authorization: {MtlsApi.Sign(_order.Key, _order.Url)}\r\nx-liveperson-signature: sha1={Convert.ToBase64String(HMACSHA1.HashData(_secret, _body))}\r\n{_lastLines}";
        var request = new byte[head.Length + _body.Length];
        Encoding.ASCII.GetBytes(head, request);
        _body.CopyTo(request, head.Length);
        await _stream.WriteAsync(request);
        for (var length = 0; ;)
        {
            var read = await _stream.ReadAsync(_answer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The other side closed a connection.");
            }

            length += read;
            if (PublishConnection.IsWhole(_answer.AsSpan(0, length)))
            {
                return _answer.AsSpan(9, 3).SequenceEqual("200"u8);
            }
        }
    }

    public void Dispose() => _stream.Dispose();
}
