namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The receiver works again: the next attempt succeeds, and what waited follows in order.</summary>
internal static class MendTheReceiver
{
    // The next attempt comes 4 s after the last one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        tour.Inbox.SetBroken(false);
        tour.Tell("It takes notifications again; the service finds out by itself at its next attempt.");
        var taken = tour.Said.Count;
        if (!await tour.Inbox.WaitAsync(arrivals => arrivals.Count(arrival => arrival.Taken) >= taken, Patience, tour.Clock, cancellation))
        {
            throw new VerbFailedException($"not everything arrived within {Patience.TotalSeconds} s.");
        }

        if (!await tour.States!.WaitAsync(states => states is [.., "up"], Patience, cancellation))
        {
            throw new VerbFailedException("everything arrived, but the app install is not up.");
        }
    }
}
