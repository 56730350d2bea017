namespace Sealpost.Deliveries.Replay;

/// <summary>A running job's place in this process. After a restart it begins anew at the job's last delivery that is through.</summary>
internal sealed class ReplayRun(ReplayJob job)
{
    private Waiting? _waiting;

    public ReplayJob Job { get; private set; } = job;

    /// <summary>All up to this one have been looked at, and those that are the job's are through.</summary>
    public long LookedThrough { get; set; } = job.LastId;

    /// <summary>While they are being counted: how far, and how many.</summary>
    public (long Through, long Count) Counted { get; set; } = (job.LastId, 0);

    /// <summary>What it replayed and was pending in its lane when that was looked at last.</summary>
    public List<DeliveryId> Pending { get; set; } = [];

    /// <summary>Why it does not go on; null: it does. Any thread may ask.</summary>
    public Waiting? Waiting
    {
        get => Volatile.Read(ref _waiting);
        set => Volatile.Write(ref _waiting, value);
    }

    public void SetTotal(long total) => Job = Job with { Total = total };
}
