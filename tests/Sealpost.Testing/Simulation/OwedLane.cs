namespace Sealpost.Testing.Simulation;

/// <summary>The deliveries of one conversation of one install, in accepted order.</summary>
internal sealed class OwedLane
{
    private int _firstOpen;
    private int _head;

    public List<OwedDelivery> Deliveries { get; } = [];

    /// <summary>Attempts in flight: at most one, but for what was in flight by numbers when the install changed to a time to live.</summary>
    public int InFlight { get; private set; }

    /// <summary>The attempt that was started last, while one is in flight.</summary>
    public OwedDelivery? Flight { get; private set; }

    /// <summary>Since when nothing has happened to its head: from then on it could have been picked.</summary>
    public DateTimeOffset QuietSince { get; set; } = DateTimeOffset.MinValue;

    /// <summary>The first place that is not recorded as done; what is recorded stays so, crashes included.</summary>
    public int FirstOpen()
    {
        while (_firstOpen < Deliveries.Count && !Deliveries[_firstOpen].Row.IsPending)
        {
            _firstOpen++;
        }

        return _firstOpen;
    }

    /// <summary>The place of the first delivery that is not over; the count when all are.</summary>
    public int Head()
    {
        while (_head < Deliveries.Count && Deliveries[_head].IsOver)
        {
            _head++;
        }

        return _head;
    }

    public void Add(OwedDelivery owed, DateTimeOffset now)
    {
        QuietSince = Head() == Deliveries.Count ? now : QuietSince;
        Deliveries.Add(owed);
    }

    public void Start(OwedDelivery owed) => (InFlight, Flight) = (InFlight + 1, owed);

    public void End(DateTimeOffset now)
    {
        InFlight--;
        QuietSince = now;
        Flight = Deliveries.Find(InFlight > 0 ? static owed => owed.IsInFlight : static _ => false);
    }

    /// <summary>The process died: nothing is in flight, and what is not recorded has not been.</summary>
    public void Crash() => (InFlight, Flight, QuietSince, _head) = (0, null, DateTimeOffset.MinValue, FirstOpen());
}
