namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The receiver answers 503: attempts fail and are repeated, nothing is lost, nothing overtakes.</summary>
internal static class BreakTheReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        tour.Inbox.SetBroken(true);
        tour.Tell($"It answers 503 now. {Script.SecondScene.Count} more messages are published; the service keeps them.");
        await tour.PublishAsync(Script.SecondScene, cancellation);
        // A second attempt of one message comes 2 s after its first; until then everybody sees nothing overtake it.
        if (!await tour.Inbox.WaitAsync(arrivals => arrivals.Any(IsRepeated), Patience, tour.Clock, cancellation))
        {
            throw new VerbFailedException($"no failed message was tried again within {Patience.TotalSeconds} s.");
        }
    }

    private static bool IsRepeated(Arrival arrival) => !arrival.Taken && arrival.Notification.Attempt != "1";
}
