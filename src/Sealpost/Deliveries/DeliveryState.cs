namespace Sealpost.Deliveries;

/// <summary>Where a delivery stands, as its row says.</summary>
public enum DeliveryState
{
    /// <summary>Pending, in its lane.</summary>
    InLane = 0,

    /// <summary>Pending, waiting for a retry by numbers beside its lane.</summary>
    Waiting = 1,

    Delivered = 2,

    Dead = 3,
}
