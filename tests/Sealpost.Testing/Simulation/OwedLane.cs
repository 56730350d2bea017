namespace Sealpost.Testing.Simulation;

/// <summary>The deliveries of one conversation of one install, in accepted order.</summary>
internal sealed class OwedLane
{
    private int _firstOpen;

    public List<OwedDelivery> Deliveries { get; } = [];

    /// <summary>The first place that is not recorded as done; what is recorded stays so, crashes included.</summary>
    public int FirstOpen()
    {
        while (_firstOpen < Deliveries.Count && !Deliveries[_firstOpen].Row.IsPending)
        {
            _firstOpen++;
        }

        return _firstOpen;
    }

    /// <summary>The first delivery that is not over; null when all are.</summary>
    public OwedDelivery? Head() => FirstOpen() < Deliveries.Count ? Deliveries.Find(owed => !owed.IsOver) : null;
}
