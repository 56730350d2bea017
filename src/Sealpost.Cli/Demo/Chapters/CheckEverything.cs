namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The receiver's record against what was said; then the service ends as it should.</summary>
internal static class CheckEverything
{
    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        var problems = OrderCheck.Problems(tour.Said, tour.Inbox.Arrivals);
        if (problems.Count > 0)
        {
            throw new VerbFailedException(string.Join(' ', problems));
        }

        tour.Tell($"Yes: {tour.Said.Count} messages, every signature valid, every conversation in its order, every byte as published.");
        cancellation.ThrowIfCancellationRequested();
        if (await tour.Service!.StopAsync() is not ExitCode.Ok and var exitCode)
        {
            throw new VerbFailedException($"the service stopped with exit code {exitCode}. Its last lines:{Environment.NewLine}{tour.Service.LastLines}");
        }
    }
}
