namespace Sealpost.Deliveries;

/// <summary>Where a list goes on.</summary>
/// <param name="Last">The id that the page before looked at last, whether or not that matched: only older ones are asked for.</param>
internal sealed record ListPosition(DeliveryId Last)
{
    /// <summary>What the store wants to find again faster; empty: nothing. Whoever makes one up finds his own deliveries alone.</summary>
    public IReadOnlyList<long> Heads { get; init; } = [];
}
