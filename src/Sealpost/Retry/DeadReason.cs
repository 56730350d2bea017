namespace Sealpost.Retry;

/// <summary>Why a delivery became a dead letter (protocol 4).</summary>
public enum DeadReason
{
    RetriesExhausted,
    NotRetried,
    Expired,
    AppDisabled,
    AppRemoved,
    DroppedByOperator,
}

/// <summary>The reasons' fixed spellings, in the store and outside.</summary>
internal static class DeadReasons
{
    public static string ToWire(this DeadReason reason) => reason switch
    {
        DeadReason.RetriesExhausted => "retries_exhausted",
        DeadReason.NotRetried => "not_retried",
        DeadReason.Expired => "expired",
        DeadReason.AppDisabled => "app_disabled",
        DeadReason.AppRemoved => "app_removed",
        DeadReason.DroppedByOperator => "dropped_by_operator",
    };

    /// <summary>The reason of a spelling that <see cref="ToWire"/> wrote.</summary>
    public static DeadReason Parse(string wire) => Enum.GetValues<DeadReason>().First(reason => reason.ToWire() == wire);
}
