namespace Sealpost.Testing.Simulation;

/// <summary>The process dies here: whatever was in memory is gone.</summary>
internal sealed class SimulatedCrash() : Exception("the simulated process died");

/// <summary>Where in a commit the process dies.</summary>
internal enum CrashPoint
{
    None,

    /// <summary>Nothing of the batch was kept.</summary>
    BeforeCommit,

    /// <summary>All of it was kept, and nobody was told.</summary>
    AfterCommit,
}
