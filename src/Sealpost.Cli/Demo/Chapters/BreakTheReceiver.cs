namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The receiver answers 503: attempts fail and are repeated, nothing is lost, nothing overtakes.</summary>
internal static class BreakTheReceiver
{
    private const int FailuresToShow = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        tour.Inbox.SetBroken(true);
        tour.Tell($"It answers 503 now. {Script.SecondScene.Count} more messages are published; the service keeps them.");
        await tour.PublishAsync(Script.SecondScene, cancellation);
        if (!await tour.Inbox.WaitAsync(arrivals => arrivals.Count(arrival => !arrival.Taken) >= FailuresToShow, Patience, tour.Clock, cancellation))
        {
            throw new VerbFailedException($"fewer than {FailuresToShow} attempts were made within {Patience.TotalSeconds} s.");
        }
    }
}
