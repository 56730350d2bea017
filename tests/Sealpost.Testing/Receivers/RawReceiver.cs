using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Testing.Receivers;

/// <summary>
/// An endpoint on a free port of the loopback that does with each connection what a script says, down to the bytes: for
/// the failures that a real server does not give. <see cref="HostileScripts"/> has the usual ones.
/// </summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _listener;
    private readonly Task _accepting;
    private int _connections;

    private RawReceiver(X509Certificate2 certificate, Func<RawConnection, Task> script, IPAddress address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            // Small, so that a peer that does not read is soon felt.
            ReceiveBufferSize = 4096,
        };
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen();
        Url = new UriBuilder("https", address.ToString(), ((IPEndPoint)_listener.LocalEndPoint!).Port).Uri;
        _accepting = AcceptAsync(certificate, script);
    }

    /// <summary>Where it listens, as <c>https://127.0.0.1:port/</c>.</summary>
    public Uri Url { get; }

    public int Port => Url.Port;

    /// <summary>Connections accepted until now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public static RawReceiver Start(X509Certificate2 certificate, Func<RawConnection, Task> script, IPAddress? address = null) =>
        new(certificate, script, address ?? IPAddress.Loopback);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync(X509Certificate2 certificate, Func<RawConnection, Task> script)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_closing.Token);
                Interlocked.Increment(ref _connections);
                running.Add(RunAsync(new RawConnection(socket, certificate, _closing.Token), script));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
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
