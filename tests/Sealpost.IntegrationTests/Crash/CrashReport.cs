using Sealpost.Testing.Journal;

namespace Sealpost.IntegrationTests.Crash;

/// <summary>What a run came to.</summary>
internal sealed record CrashReport(CrashPlan Plan, DeliveryHistory History, IReadOnlyList<Violation> Violations, long StillOwed)
{
    private const int ShownViolations = 20;

    public override string ToString()
    {
        var lost = Violations.Take(ShownViolations).Select(v => $"  {v}\n");
        return $"""
            seed {Plan.Seed}, {History.Kills.Count} kills, {History.Requests.Count} requests ({Count(PublishOutcome.Ok)} ok, {Count(PublishOutcome.Failed)} failed, {Count(PublishOutcome.Unknown)} unknown) with {History.Requests.Sum(r => r.Events.Count)} events,
            {History.Attempts.Count} attempts, {Repeats()} of them repeats, {StillOwed} deliveries still owed, {Violations.Count} violations
            {string.Concat(lost)}
            """;
    }

    private int Count(PublishOutcome outcome) => History.Requests.Count(r => r.Outcome == outcome);

    private int Repeats() =>
        History.Attempts.Count(a => a.Succeeded) - History.Attempts.Where(a => a.Succeeded).DistinctBy(a => (a.Install, a.DeliveryId)).Count();
}
