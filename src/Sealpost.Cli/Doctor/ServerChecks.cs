using Sealpost.Cli.Client;

namespace Sealpost.Cli.Doctor;

/// <summary>The running service: alive, ready, and of the same time as this machine.</summary>
internal static class ServerChecks
{
    // The Date header has whole seconds; a few more are the network's.
    private static readonly TimeSpan SmallSkew = TimeSpan.FromSeconds(5);

    // OAuth timestamps are refused from five minutes on (protocol 7); one is far too much already.
    private static readonly TimeSpan LargeSkew = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Finding>> RunAsync(ApiClient api, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            using var live = await api.OpenAsync(new HttpRequestMessage(HttpMethod.Get, "health/live"), HttpCompletionOption.ResponseContentRead, cancellation);
            return
            [
                new Finding(Level.Ok, "server", $"{api.Server} is alive."),
                await ReadyAsync(api, cancellation),
                Clock(live.Headers.Date, clock.GetUtcNow()),
            ];
        }
        catch (Exception failure) when (failure is ServerUnreachableException or ApiException)
        {
            return [new Finding(Level.Fail, "server", failure.Message)];
        }
    }

    /// <summary>A few seconds are normal, a minute breaks signatures of requests and the meaning of times.</summary>
    public static Finding Clock(DateTimeOffset? server, DateTimeOffset here)
    {
        if (server is not { } there)
        {
            return new(Level.Warn, "clock", "the server does not tell its time.");
        }

        var skew = (there - here).Duration();
        var text = $"{skew.TotalSeconds:0} s between this machine's clock and the server's";
        return skew <= SmallSkew ? new(Level.Ok, "clock", $"{text}.")
            : skew <= LargeSkew ? new(Level.Warn, "clock", $"{text}: check time synchronisation.")
            : new(Level.Fail, "clock", $"{text}: set the clock.");
    }

    private static async Task<Finding> ReadyAsync(ApiClient api, CancellationToken cancellation)
    {
        try
        {
            await api.GetAsync("health/ready", cancellation);
            return new(Level.Ok, "ready", "it takes and sends events.");
        }
        catch (ApiException notReady)
        {
            return new(Level.Fail, "ready", $"it is not ready: {notReady.Detail}");
        }
    }
}
