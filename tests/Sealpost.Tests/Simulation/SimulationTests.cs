using System.Diagnostics;
using System.Globalization;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>SEALPOST_SEEDS=n runs more of them, SEALPOST_SEED=s this one alone.</summary>
    [Fact]
    public void Whatever_happens_every_accepted_event_is_delivered_in_order_or_dead_for_a_reason()
    {
        var (first, count) = Number("SEALPOST_SEED") is { } one ? (one, 1) : (1, Number("SEALPOST_SEEDS") ?? 300);
        var started = Stopwatch.GetTimestamp();
        var (deliveries, elapsed) = (0L, TimeSpan.Zero);
        var failures = new List<SimulationFailure>();
        for (var seed = first; seed < first + count; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                var report = SimulatedRun.Run(seed);
                (deliveries, elapsed) = (deliveries + report.Deliveries, elapsed + report.Elapsed);
            }
            catch (SimulationFailure failure)
            {
                failures.Add(failure);
            }
        }

        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds, {deliveries} deliveries, {elapsed.TotalDays:f0} days in {took.TotalSeconds:f1} s, {count / took.TotalSeconds:f0} seeds/s"));
        if (failures.Count > 0)
        {
            var all = string.Join(Environment.NewLine, failures.Take(50).Select(failure => $"seed {failure.Seed}: {failure.InnerException!.Message}"));
            Assert.Fail($"{failures.Count} of {count} seeds failed:{Environment.NewLine}{all}{Environment.NewLine}{failures[0]}");
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
