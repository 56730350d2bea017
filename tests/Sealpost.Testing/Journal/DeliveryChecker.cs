namespace Sealpost.Testing.Journal;

/// <summary>
/// Proves a drained run from its two journals, or names what was broken. Pure.
/// <list type="number">
/// <item>Attempts: every one is of a published event, signed, unchanged, and keeps its delivery's identity.</item>
/// <item>Requests: accepted events all arrived, refused ones never, unanswered ones whole or not at all, none twice.</item>
/// <item>Order: within an install's conversation acceptance follows publishing, and no delivery overtakes another.</item>
/// <item>Repeats: a delivery comes again after its success only where a kill left the outcome unrecorded.</item>
/// </list>
/// </summary>
public static class DeliveryChecker
{
    public static IReadOnlyList<Violation> Check(DeliveryHistory history)
    {
        var index = new HistoryIndex(history);
        return
        [
            .. AttemptRules.Check(history, index),
            .. RequestRules.Check(history, index),
            .. OrderRules.Check(index),
            .. RepeatRules.Check(history, index),
        ];
    }
}
