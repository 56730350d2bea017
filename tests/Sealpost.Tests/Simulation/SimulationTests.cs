using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Seeds of a run that is not asked for more: some seconds on one core.</summary>
    private const int FewSeeds = 300;

    /// <summary>SEALPOST_SEED=s runs this seed alone; SEALPOST_SEEDS=n as many, from this one or 1 on, over all cores.</summary>
    [Fact]
    public void Whatever_happens_every_accepted_event_is_delivered_in_order_or_dead_for_a_reason()
    {
        var (one, many) = (Number("SEALPOST_SEED"), Number("SEALPOST_SEEDS"));
        var (first, count) = (one ?? 1, many ?? (one is null ? FewSeeds : 1));
        var options = new ParallelOptions
        {
            // Other tests run beside this one where it is not the only one.
            MaxDegreeOfParallelism = many is null ? 1 : Environment.ProcessorCount,
            CancellationToken = TestContext.Current.CancellationToken,
        };
        var started = Stopwatch.GetTimestamp();
        var (deliveries, simulatedTicks) = (0L, 0L);
        var failures = new ConcurrentBag<SimulationFailure>();
        Parallel.For(first, first + count, options, seed =>
        {
            try
            {
                var report = SimulatedRun.Run(seed);
                Interlocked.Add(ref deliveries, report.Deliveries);
                Interlocked.Add(ref simulatedTicks, report.Elapsed.Ticks);
            }
            catch (SimulationFailure failure)
            {
                failures.Add(failure);
            }
        });
        var took = Stopwatch.GetElapsedTime(started);
        var days = new TimeSpan(simulatedTicks).TotalDays;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds, {deliveries} deliveries, {days:f0} days in {took.TotalSeconds:f1} s, {count / took.TotalSeconds:f0} seeds/s"));
        if (!failures.IsEmpty)
        {
            Assert.Fail(Describe([.. failures.OrderBy(static failure => failure.Seed)], count));
        }
    }

    private static string Describe(List<SimulationFailure> failures, int count) => string.Join(Environment.NewLine,
    [
        $"{failures.Count} of {count} seeds failed:",
        .. failures.Take(50).Select(failure => $"seed {failure.Seed} (./test simulate --seed {failure.Seed}): {failure.InnerException!.Message}"),
        failures[0].ToString(),
    ]);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
