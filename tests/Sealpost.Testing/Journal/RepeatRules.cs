namespace Sealpost.Testing.Journal;

/// <summary>When a delivery may come again after its success: only if a kill left that success unrecorded.</summary>
internal static class RepeatRules
{
    public static IEnumerable<Violation> Check(DeliveryHistory history, HistoryIndex index)
    {
        foreach (var delivery in index.Deliveries)
        {
            ReceivedAttempt? success = null;
            foreach (var (_, attempt) in delivery.Attempts)
            {
                if (success is not null && !Explained(history, success.At, attempt.At))
                {
                    yield return new(
                        ViolationKind.Repeated,
                        $"{delivery.Id} succeeded at {success.At} and came again at {attempt.At} to install {delivery.Install}; no kill explains it.");
                }

                success = attempt.Succeeded ? attempt : success;
            }
        }
    }

    // A success may be journalled a little after the kill: its bytes were already on their way.
    private static bool Explained(DeliveryHistory history, TimeSpan success, TimeSpan repeat) =>
        history.Kills.Any(kill => (kill - success).Duration() <= history.RecordingWindow && kill < repeat);
}
