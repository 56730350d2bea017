using Sealpost.Testing.Receivers;

namespace Sealpost.Testing.Tls;

/// <summary>The endpoint of a <see cref="TlsCase"/> while it runs.</summary>
/// <param name="url">Where it listens.</param>
/// <param name="requests">How many requests came over a finished handshake.</param>
/// <param name="server">What is disposed with it.</param>
public sealed class TlsServer(Uri url, Func<int> requests, IAsyncDisposable server) : IAsyncDisposable
{
    public Uri Url => url;

    /// <summary>Requests that came over a finished handshake.</summary>
    public int Requests => requests();

    public static async Task<TlsServer> AnsweringAsync(ReceiverOptions options, CancellationToken cancellation)
    {
        var receiver = await ScriptedReceiver.StartAsync(options, cancellation);
        return new TlsServer(receiver.Url, () => receiver.Requests.Count, receiver);
    }

    /// <summary>One whose script reads no request.</summary>
    public static TlsServer Doing(RawReceiver receiver) => new(receiver.Url, () => 0, receiver);

    public static TlsServer Of(OpenSslServer server) => new(server.Url, () => server.Requests, server);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
