using System.Diagnostics;
using System.Globalization;

namespace Sealpost.Benchmarks.Measuring;

/// <summary>What a process and its counter stood at, at one moment.</summary>
/// <param name="Timestamp">In <see cref="Stopwatch"/> ticks.</param>
/// <param name="Count">Of what the window counts.</param>
/// <param name="Cpu">Processor time of the process, user and system.</param>
/// <param name="AllocatedBytes">By its garbage collector since its start; null when it does not tell.</param>
internal sealed record Reading(long Timestamp, long Count, TimeSpan Cpu, double? AllocatedBytes)
{
    private const string AllocatedMetric = "dotnet_gc_heap_total_allocated_bytes";

    public static Reading Take(int processId, long count, string? metrics)
    {
        using var process = Process.GetProcessById(processId);
        return new Reading(Stopwatch.GetTimestamp(), count, process.TotalProcessorTime, metrics is null ? null : Allocated(metrics));
    }

    /// <summary>Of several processes that do one job.</summary>
    public static Reading Take(IEnumerable<int> processIds, long count)
    {
        var each = processIds.Select(id => Take(id, count, metrics: null)).ToList();
        return each[0] with { Cpu = TimeSpan.FromTicks(each.Sum(reading => reading.Cpu.Ticks)) };
    }

    /// <summary>Resident memory now.</summary>
    public static long ResidentBytes(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.WorkingSet64;
    }

    /// <summary>The most that it ever was.</summary>
    public static long HighestResidentBytes(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.PeakWorkingSet64;
    }

    // A sample reads: name{labels} value [timestamp]
    private static double? Allocated(string metrics)
    {
        var sample = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(AllocatedMetric, StringComparison.Ordinal));
        var value = sample?[(sample.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(v => char.IsAsciiDigit(v[0]));
        return double.TryParse(value, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
    }
}

/// <summary>What happened between two readings, per second and per counted thing.</summary>
internal sealed record Window(double PerSecond, double CpuMicroseconds, double? AllocatedBytes)
{
    /// <summary>Several that counted equally much, as one.</summary>
    public static Window Over(IReadOnlyList<Window> equal) =>
        new(equal.Count / equal.Sum(window => 1 / window.PerSecond), equal.Average(window => window.CpuMicroseconds), equal.Average(window => window.AllocatedBytes));

    public static Window Between(Reading from, Reading to)
    {
        var count = Math.Max(1, to.Count - from.Count);
        return new Window(
            (to.Count - from.Count) / Stopwatch.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds,
            (to.Cpu - from.Cpu).TotalMicroseconds / count,
            (to.AllocatedBytes - from.AllocatedBytes) / count);
    }
}
