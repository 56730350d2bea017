using Sealpost.Cli.Client;

namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The receiver's record against what was said, and the service's own record.</summary>
internal static class CheckEverything
{
    // Outcomes are recorded at most 50 ms late (protocol 3).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        var problems = OrderCheck.Problems(tour.Said, tour.Inbox.Arrivals);
        if (problems.Count > 0)
        {
            throw new VerbFailedException(string.Join(' ', problems));
        }

        var deadline = tour.Clock.GetUtcNow() + Patience;
        while (await DeliveredAsync(tour, cancellation) < tour.Said.Count)
        {
            if (tour.Clock.GetUtcNow() > deadline)
            {
                throw new VerbFailedException("the service does not list everything as delivered.");
            }

            await Task.Delay(Between, tour.Clock, cancellation);
        }

        tour.Tell($"Yes: {tour.Said.Count} messages, every signature valid, every conversation in its order, every byte as published.");
        if (await tour.Service!.StopAsync() is not ExitCode.Ok and var exitCode)
        {
            throw new VerbFailedException($"the service stopped with exit code {exitCode}. Its last lines:{Environment.NewLine}{tour.Service.LastLines}");
        }
    }

    private static async Task<int> DeliveredAsync(Tour tour, CancellationToken cancellation)
    {
        var answer = await tour.Connected.GetAsync(tour.Connected.InAccount("deliveries?state=delivered&limit=100"), cancellation);
        return answer.Json().Member("items").Items().Count;
    }
}
