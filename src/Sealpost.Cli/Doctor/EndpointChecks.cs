using Sealpost.Hosting.Settings;
using Sealpost.Sending;

namespace Sealpost.Cli.Doctor;

/// <summary>The endpoints that <c>--endpoint</c> names: whether this machine could deliver to them.</summary>
internal static class EndpointChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<Uri> endpoints, SealpostSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        foreach (var endpoint in endpoints)
        {
            var obstacle = await EndpointProbe.FindObstacleAsync(endpoint, settings.Sending, settings.Egress, Patience, clock, cancellation);
            findings.Add(obstacle is null
                ? new(Level.Ok, "endpoint", $"{endpoint.Host} is reached, and its certificate is good.")
                : new(Level.Fail, "endpoint", $"{endpoint.Host}: {obstacle}"));
        }

        return findings;
    }
}
