using System.Diagnostics;

namespace Sealpost.Benchmarks.Measuring;

internal static class Statistics
{
    /// <summary>The middle value; NaN of none.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN
            : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2]
            : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The smallest of the given stopwatch spans that at least this share of them does not exceed, in milliseconds.</summary>
    public static double PercentileMilliseconds(this long[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN
        : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)] * 1_000.0 / Stopwatch.Frequency;
}
