using System.Globalization;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;

namespace Sealpost.Benchmarks;

/// <summary>The same, measured on an empty store and on a full one, one after the other.</summary>
internal sealed record Turns<T>(T Empty, T Full);

/// <summary>What <see cref="BacklogBenchmark"/> measured.</summary>
internal sealed record BacklogResult(
    long Events, int Conversations, double Store, double ReadyKilledMilliseconds, long RestingBytes, long HighestBytes,
    List<Turns<double>> Ready, List<Turns<Window>> Published, List<Turns<Window>> Delivered)
{
    private const double MegaByte = 1024 * 1024;

    public void Write(string name, BenchArguments arguments)
    {
        var medians = new
        {
            Events,
            Conversations,
            Store,
            published = Ratio.Of(Published, window => window.PerSecond),
            publishedCpu = Ratio.Of(Published, window => window.CpuMicroseconds),
            delivered = Ratio.Of(Delivered, window => window.PerSecond),
            deliveredCpu = Ratio.Of(Delivered, window => window.CpuMicroseconds),
            readyMilliseconds = Ratio.Of(Ready, milliseconds => milliseconds),
            ReadyKilledMilliseconds,
            RestingBytes,
            HighestBytes,
        };
        var table = new Table("", "empty", "full", "ratio", "(range)", "target");
        table.Add(medians.published.Row("published a second for another account", "N0", ">= 0.90"));
        table.Add(medians.publishedCpu.Row("CPU us for each", "N1", ""));
        table.Add(medians.delivered.Row("delivered a second, normally and draining", "N0", ">= 0.90"));
        table.Add(medians.deliveredCpu.Row("CPU us for each", "N1", ""));
        table.Add(medians.readyMilliseconds.Row("ready after a stop, ms", "N0", "<= 3,000"));
        table.Add("ready after a kill, ms", "", $"{ReadyKilledMilliseconds:N0}", "", "", "<= 3,000");
        table.Add("resident MB, started", "", $"{RestingBytes / MegaByte:N0}", "", "", "");
        table.Add("resident MB, highest at any time", "", $"{HighestBytes / MegaByte:N0}", "", "", "<= 300");
        table.Print();
        ResultFile.Write(name, arguments, medians, new { Ready, Published, Delivered });
    }

    /// <summary>Medians of both; the ratio is the median of each round's own, with the lowest and the highest.</summary>
    private sealed record Ratio(double Empty, double Full, double OfEmpty, double Lowest, double Highest)
    {
        public static Ratio Of<T>(IReadOnlyList<Turns<T>> rounds, Func<T, double> value)
        {
            var ratios = rounds.Select(round => value(round.Full) / value(round.Empty)).ToList();
            return new Ratio(
                rounds.Select(round => value(round.Empty)).Median(), rounds.Select(round => value(round.Full)).Median(), ratios.Median(), ratios.Min(), ratios.Max());
        }

        public string[] Row(string name, string format, string target) =>
            [name, Empty.ToString(format, CultureInfo.InvariantCulture), Full.ToString(format, CultureInfo.InvariantCulture), $"{OfEmpty:N2}", $"{Lowest:N2}-{Highest:N2}", target];
    }
}
