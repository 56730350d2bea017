namespace Sealpost.Testing.Simulation;

/// <summary>A run that went wrong: its seed repeats it, its trace shows the last things that happened.</summary>
internal sealed class SimulationFailure(int seed, Trace trace, Exception cause)
    : Exception($"seed {seed}: {cause.Message}{Environment.NewLine}{trace}", cause)
{
    public int Seed { get; } = seed;
}
