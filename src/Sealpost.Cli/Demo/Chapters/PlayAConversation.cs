namespace Sealpost.Cli.Demo.Chapters;

/// <summary>Two conversations, message by message; each delivery is shown as it arrives.</summary>
internal static class PlayAConversation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // So that a person can follow the talk.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        foreach (var spoken in Script.FirstScene)
        {
            await tour.PublishAsync([spoken], cancellation);
            await Task.Delay(Pause, tour.Clock, cancellation);
        }

        if (!await tour.Inbox.WaitAsync(arrivals => arrivals.Count(arrival => arrival.Taken) >= Script.FirstScene.Count, Patience, tour.Clock, cancellation))
        {
            throw new VerbFailedException($"not all of {Script.FirstScene.Count} messages arrived within {Patience.TotalSeconds} s.");
        }
    }
}
