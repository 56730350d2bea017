using Sealpost.Dispatch;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>What a run works with. The limits are small so that each of them is met all the time.</summary>
internal sealed record SimulationOptions
{
    public DispatchOptions Dispatch { get; init; } = new() { Concurrency = 6, OriginConcurrency = 3 };

    /// <summary>The waits that the engine is given; the oracle holds it to the protocol's, whatever these are.</summary>
    public RetryOptions EngineRetry { get; init; } = new();

    /// <summary>What the engine is told came of an attempt; a planted fault changes it.</summary>
    public Func<Outcome, Outcome> EngineSees { get; init; } = static outcome => outcome;

    /// <summary>How the engine finds routes; a planted fault changes what is found.</summary>
    public Func<FindRoute, FindRoute> EngineRoutes { get; init; } = static find => find;

    /// <summary>The engine hears that routes have changed.</summary>
    public bool EngineIsTold { get; init; } = true;

    /// <summary>Room for some twenty small deliveries.</summary>
    public const long SmallWindow = 20_000;

    public long WindowBytes { get; init; } = SmallWindow;

    public int PageRows { get; init; } = 7;

    public int PerLane { get; init; } = 4;

    /// <summary>Most seeds have a window that is always too small, some one in which only hot conversations overflow.</summary>
    public static SimulationOptions Of(int seed) => new() { WindowBytes = seed % 4 == 0 ? 300_000 : SmallWindow };

    /// <summary>The store of a run; a planted fault comes as a store of its own.</summary>
    public Func<SimulatedStore> MakeStore { get; init; } = static () => new SimulatedStore();
}
