namespace Sealpost.Testing.Simulation;

/// <summary>
/// To which endpoints an install's lane heads go at a moment, and what is pending. In the middle of a moment the engine may
/// know of a death that the protocol allows, or not yet: then the head of a lane is not certain, and its endpoints count in
/// <see cref="Possible"/> alone.
/// </summary>
/// <param name="Possible">Endpoints that a lane head may be addressed to, those in flight too.</param>
/// <param name="Certain">Endpoints that a lane head is addressed to, whatever the engine knows.</param>
/// <param name="Sendable">The certain ones with a head that is not in flight.</param>
/// <param name="FirstPending">The oldest pending delivery; <see cref="long.MaxValue"/>: none.</param>
/// <param name="FirstAlive">The oldest one that is not allowed to be dead.</param>
internal readonly record struct LaneHeads(ulong Possible, ulong Certain, ulong Sendable, long FirstPending, long FirstAlive)
{
    public bool IsNothingPending => FirstPending == long.MaxValue;

    public bool MayNothingBePending => FirstAlive == long.MaxValue;
}
