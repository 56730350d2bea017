using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Testing.Receivers;

/// <summary>
/// An endpoint on a free port of the loopback that does with each connection what a script says, down to the bytes: for
/// the failures that a real server does not give. <see cref="HostileScripts"/> has the usual ones.
/// </summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private static readonly TimeSpan UsualPace = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly Socket _listener;
    private readonly Task _accepting;
    private int _connections;

    private RawReceiver(X509Certificate2 certificate, Func<RawConnection, Task> script, IPAddress address, TimeSpan pace)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            // Small, so that a peer that does not read is soon felt.
            ReceiveBufferSize = 4096,
        };
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen();
        Url = new UriBuilder("https", address.ToString(), ((IPEndPoint)_listener.LocalEndPoint!).Port).Uri;
        // Offline: else the server's own platform would fetch a missing issuer.
        _accepting = AcceptAsync(SslStreamCertificateContext.Create(certificate, null, offline: true), script, pace);
    }

    /// <summary>Where it listens, as <c>https://127.0.0.1:port/</c>.</summary>
    public Uri Url { get; }

    public int Port => Url.Port;

    /// <summary>Connections accepted until now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <param name="certificate">The server's certificate; nothing else is sent with it.</param>
    /// <param name="script">What is done with each connection.</param>
    /// <param name="address">By default 127.0.0.1.</param>
    /// <param name="pace">Between two bytes of what is dripped; by default 50 ms.</param>
    public static RawReceiver Start(
        X509Certificate2 certificate, Func<RawConnection, Task> script, IPAddress? address = null, TimeSpan? pace = null) =>
        new(certificate, script, address ?? IPAddress.Loopback, pace ?? UsualPace);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync(SslStreamCertificateContext certificate, Func<RawConnection, Task> script, TimeSpan pace)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_closing.Token);
                Interlocked.Increment(ref _connections);
                var run = RunAsync(new RawConnection(socket, certificate, pace, _closing.Token), script);
                _running.TryAdd(run, true);
                _ = run.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (_closing.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(_running.Keys);
        }
    }

    /// <summary>A script ends as it likes, and most often because the other side gave up.</summary>
    private static async Task RunAsync(RawConnection connection, Func<RawConnection, Task> script)
    {
        using (connection)
        {
            try
            {
                await script(connection);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }
}
