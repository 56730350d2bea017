namespace Sealpost.Dispatch;

/// <summary>What the dispatcher knows of a lane: whose it is, where its head goes, and whether it may go now.</summary>
/// <param name="owner">The install's number: turns are taken over owners.</param>
internal abstract class QueuedLane(int owner)
{
    public int Owner { get; } = owner;

    /// <summary>Where the lane's head goes; set when it becomes ready.</summary>
    public Origin? Origin { get; protected set; }

    /// <summary>The head may be sent: it is not in flight and waits for nothing but its turn.</summary>
    public abstract bool IsReady { get; }
}
