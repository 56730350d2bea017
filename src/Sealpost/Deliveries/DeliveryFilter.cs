namespace Sealpost.Deliveries;

/// <summary>A delivery's state as it is named outside.</summary>
internal enum PublicState
{
    Pending,
    Delivered,
    Dead,
}

internal static class PublicStates
{
    public static PublicState Of(DeliveryState state) => state switch
    {
        DeliveryState.InLane or DeliveryState.Waiting => PublicState.Pending,
        DeliveryState.Delivered => PublicState.Delivered,
        DeliveryState.Dead => PublicState.Dead,
    };
}

/// <summary>Which deliveries of an account are asked for; null members ask for all. Made by <see cref="DeliveryQuery"/>, so each is well formed.</summary>
internal sealed record DeliveryFilter
{
    /// <summary>The most that one page has.</summary>
    public const int MaxLimit = 500;

    public Guid? ClientId { get; init; }

    /// <summary>1 to 256 bytes of UTF-8.</summary>
    public string? Conversation { get; init; }

    /// <summary>The id that the publisher was given for a line, whatever the line was split into.</summary>
    public NotificationId? Notification { get; init; }

    public string? EventType { get; init; }

    public PublicState? State { get; init; }

    /// <summary>Accepted at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the page before ended: only older ones are asked for.</summary>
    public ListPosition? Before { get; init; }

    /// <summary>1 to <see cref="MaxLimit"/>, default 50.</summary>
    public int Limit { get; init; } = 50;
}
