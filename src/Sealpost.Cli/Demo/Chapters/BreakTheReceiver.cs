namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The receiver answers 503: the app install fails, everything is stored, and rounds of attempts look after it.</summary>
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

        if (!await tour.States!.WaitAsync(states => states is [.., "failed"], Patience, cancellation))
        {
            throw new VerbFailedException("the app install did not fail.");
        }

        await TellWhyAsync(tour, cancellation);
    }

    private static async Task TellWhyAsync(Tour tour, CancellationToken cancellation)
    {
        var page = (await tour.Connected.GetAsync(tour.Connected.InAccount("deliveries?state=pending&limit=1"), cancellation)).Json();
        var id = page.GetProperty("items")[0].GetProperty("id").GetString();
        var newest = (await tour.Connected.GetAsync(tour.Connected.InAccount($"deliveries/{id}"), cancellation)).Json();
        tour.Tell($"Why has {id} not arrived? {newest.GetProperty("waiting").GetProperty("sentence").GetString()}");
    }

    private static bool IsRepeated(Arrival arrival) => !arrival.Taken && arrival.Notification.Attempt != "1";
}
