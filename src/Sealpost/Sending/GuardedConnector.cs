using System.Net;
using System.Net.Sockets;

namespace Sealpost.Sending;

/// <summary>Opens the connections of outgoing requests, to judged addresses only.</summary>
/// <remarks>
/// 1. The host is resolved once; a literal address is taken as it is.
/// 2. All its addresses are judged, and one denied refuses the host: a name that mixes public and private answers is an
///    attack or a mistake.
/// 3. The very addresses judged are tried one after another, with no second lookup that could answer differently. Each
///    but the last gets its share of the time left, so that a silent first address leaves time for the next.
/// </remarks>
internal sealed class GuardedConnector(EgressGuard guard, HostLookup lookup, TimeSpan connectTimeout, TimeProvider time)
{
    /// <summary>Finds a peer that is gone from an idle connection before the next request is sent into it.</summary>
    private const int KeepAliveSeconds = 15;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var target = context.DnsEndPoint;
        var addresses = await FindAsync(target.Host, cancellationToken);
        RefuseUnlessAllAllowed(addresses, target.Port);

        for (var i = 0; i < addresses.Length - 1; i++)
        {
            var left = connectTimeout - time.GetElapsedTime(started);
            var share = left > TimeSpan.Zero ? left / (addresses.Length - i) : TimeSpan.Zero;
            if (await TryOpenAsync(new IPEndPoint(addresses[i], target.Port), share, cancellationToken) is { } stream)
            {
                return stream;
            }
        }

        return await OpenAsync(new IPEndPoint(addresses[^1], target.Port), cancellationToken);
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        if (guard.JudgeName(host) is not EgressVerdict.Allowed and var verdict)
        {
            throw new EgressDeniedException(verdict);
        }

        var addresses = await lookup(host, cancellationToken);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }

    private void RefuseUnlessAllAllowed(IPAddress[] addresses, int port)
    {
        foreach (var address in addresses)
        {
            if (guard.Judge(address, port) is not EgressVerdict.Allowed and var verdict)
            {
                throw new EgressDeniedException(verdict);
            }
        }
    }

    /// <summary>Null where this address does not answer within its share: the next one may, and the last one's failure counts.</summary>
    private async Task<NetworkStream?> TryOpenAsync(IPEndPoint endpoint, TimeSpan share, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(share, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            return await OpenAsync(endpoint, either.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<NetworkStream> OpenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
