using Sealpost.Dispatch;

namespace Sealpost.Testing.Simulation;

/// <summary>How many attempts are in flight, and that there are not too many of them.</summary>
internal sealed class FlightLaws(DispatchOptions options, EndpointBits bits)
{
    private readonly Dictionary<string, int> _byHost = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>All attempts of the run so far.</summary>
    public long Started { get; private set; }

    public void Start(string host)
    {
        var (atHost, all) = (_byHost[host] = _byHost.GetValueOrDefault(host) + 1, ++Count);
        Started++;
        if (atHost > options.OriginConcurrency || all > options.Concurrency)
        {
            throw new SimulationViolation($"{all} attempts are in flight, {atHost} of them to {host}: too many");
        }
    }

    public void End(string host)
    {
        _byHost[host]--;
        Count--;
    }

    public void Crash()
    {
        _byHost.Clear();
        Count = 0;
    }

    /// <summary>Of these endpoints, those to whose origin nothing is in flight, while there is room for one more attempt in all.</summary>
    public ulong Free(ulong endpoints) => Count >= options.Concurrency ? 0 : EndpointBits.Each(endpoints)
        .Where(endpoint => _byHost.GetValueOrDefault(bits.EndpointOf(endpoint).Host) == 0)
        .Aggregate(0UL, static (all, endpoint) => all | endpoint);
}
