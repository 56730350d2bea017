using System.Net;

namespace Sealpost.Sending;

/// <summary>Resolves a host's name to its addresses; fails with a <c>SocketException</c> where there are none.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellationToken);

/// <summary>
/// Asks the system's resolver, once for all who wait for the same name. Nothing is kept: the next caller asks anew.
/// </summary>
/// <remarks>
/// The resolver blocks for as long as a name server stays silent and cannot be cancelled. So each name being looked up
/// holds a thread of its own, never one of the pool's, and a caller leaves at its own deadline.
/// </remarks>
internal sealed class SystemHostLookup
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<IPAddress[]>> _running = new(StringComparer.OrdinalIgnoreCase);

    public Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        Task<IPAddress[]>? lookup;
        lock (_gate)
        {
            if (!_running.TryGetValue(host, out lookup))
            {
                lookup = Task.Factory.StartNew(
                    () => Find(host),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                    TaskScheduler.Default);
                _running.Add(host, lookup);
            }
        }

        return lookup.WaitAsync(cancellationToken);
    }

    private IPAddress[] Find(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(host);
            }
        }
    }
}
