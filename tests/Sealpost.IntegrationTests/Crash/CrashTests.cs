using System.Globalization;

namespace Sealpost.IntegrationTests.Crash;

/// <summary>
/// <c>SEALPOST_KILLS</c> asks for another number of kills than 20, <c>SEALPOST_SEED</c> for the seed of an earlier run.
/// Alone on the machine: its load would spoil the clocks of other tests.
/// </summary>
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
[Collection(nameof(CrashTests))]
[Trait("Category", "Crash")]
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_under_load_the_service_loses_nothing_and_keeps_the_order() =>
        await RunAsync(new CrashPlan { Seed = Asked("SEALPOST_SEED") ?? Environment.TickCount, Kills = Asked("SEALPOST_KILLS") ?? 20 });

    [Fact]
    public async Task Killed_while_it_starts_the_service_loses_nothing_and_keeps_the_order() =>
        await RunAsync(new CrashPlan { Seed = Asked("SEALPOST_SEED") ?? Environment.TickCount, Kills = 2, KillsWhileStarting = 4 });

    private async Task RunAsync(CrashPlan plan)
    {
        output.WriteLine($"seed {plan.Seed}");
        var report = await new CrashRun(plan).RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(report.ToString());
        Assert.True(report.Violations.Count == 0 && report.StillOwed == 0, report.ToString());
    }

    private static int? Asked(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
