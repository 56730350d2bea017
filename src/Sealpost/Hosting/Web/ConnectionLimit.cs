using System.Net;
using Microsoft.AspNetCore.Connections;
using Sealpost.Accounts.Failures;

namespace Sealpost.Hosting.Web;

/// <summary>
/// How many connections one address may have open, so that none takes all there are; one more is closed before its handshake. Trusted
/// proxies bring everybody's and have no bound. Thread safe.
/// </summary>
/// <param name="perAddress">Open connections of one address, at most.</param>
/// <param name="unbounded">The trusted proxies.</param>
/// <param name="refused">Told of each connection that is closed.</param>
internal sealed class ConnectionLimit(int perAddress, IReadOnlyList<IPNetwork> unbounded, Action refused)
{
    private readonly Lock _lock = new();

    // Only addresses with open connections stand here.
    private readonly Dictionary<RemoteAddress, int> _open = [];

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is null || IsUnbounded(address))
        {
            await next(connection);
            return;
        }

        var from = RemoteAddress.Of(address);
        if (!TryEnter(from))
        {
            refused();
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(from);
        }
    }

    private bool IsUnbounded(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return unbounded.Any(network => network.Contains(plain));
    }

    private bool TryEnter(RemoteAddress from)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault(from);
            if (open >= perAddress)
            {
                return false;
            }

            _open[from] = open + 1;
            return true;
        }
    }

    private void Leave(RemoteAddress from)
    {
        lock (_lock)
        {
            var open = _open[from] - 1;
            if (open > 0)
            {
                _open[from] = open;
            }
            else
            {
                _open.Remove(from);
            }
        }
    }
}
