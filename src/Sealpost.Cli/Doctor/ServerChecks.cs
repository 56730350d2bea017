using System.Text.Json;
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
                .. await ReadyAsync(api, cancellation),
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

    /// <summary>What a check of <c>/health/ready</c> that fails means, and what to do.</summary>
    public static Finding Failing(string check) => new(Level.Fail, "ready", check switch
    {
        "starting" => "it is still starting: ask again in a moment.",
        "stopping" => "it is stopping: start it again if nobody meant to.",
        "store" => "the store takes no writes: see the disk's room and the service's log.",
        "vault" => "the vault has been out for longer than Mtls:VaultMaxStale: see the service's log for why, and bring the vault back.",
        _ when check.StartsWith("loop:", StringComparison.Ordinal) => $"its loop {check["loop:".Length..]} is stuck: see the log, then restart the service.",
        _ => $"its check {check} fails: see the service's log.",
    });

    private static async Task<IReadOnlyList<Finding>> ReadyAsync(ApiClient api, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "health/ready");
        using var answer = await api.AnyAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        try
        {
            var health = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            Finding[] found =
            [
                .. health.Member("failing").Items().Select(check => Failing(check.Text())),
                .. health.Member("degraded").Items().Select(check => new Finding(
                    Level.Warn, check.Text(), $"{check.Text()} is out and bridged for a while: see the service's log for why.")),
            ];
            return found.Any(finding => finding.Level == Level.Fail) || answer.IsSuccessStatusCode && found.Length > 0
                ? found
                : answer.IsSuccessStatusCode
                    ? [new(Level.Ok, "ready", "it takes and sends events, and all its loops move.")]
                    : [new(Level.Fail, "ready", $"it is not ready (status {(int)answer.StatusCode}): see the service's log.")];
        }
        catch (JsonException)
        {
            return [new(Level.Fail, "ready", $"{api.Server} answers, but not as a service of sealpost's: see --server.")];
        }
    }
}
