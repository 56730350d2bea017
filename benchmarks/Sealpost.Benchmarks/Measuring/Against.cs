using System.Globalization;

namespace Sealpost.Benchmarks.Measuring;

/// <summary>One measure of ours and of what it is compared with, taken one after the other.</summary>
internal sealed record Against<T>(T Ours, T Other);

internal static class Against
{
    /// <summary>Measures both; who is first alternates with the rounds, since the second finds the machine as the first left it.</summary>
    public static async Task<Against<T>> InTurnAsync<T>(int round, Func<Task<T>> oursAsync, Func<Task<T>> otherAsync)
    {
        if (round % 2 == 0)
        {
            var ours = await oursAsync();
            return new Against<T>(ours, await otherAsync());
        }

        var other = await otherAsync();
        return new Against<T>(await oursAsync(), other);
    }
}

/// <summary>Medians of both; the ratio is the median of each round's own, with the lowest and the highest.</summary>
internal sealed record Ratio(double Ours, double Other, double OfOther, double Lowest, double Highest)
{
    public static Ratio Of<T>(IReadOnlyList<Against<T>> rounds, Func<T, double> value)
    {
        var ratios = rounds.Select(round => value(round.Ours) / value(round.Other)).ToList();
        return new Ratio(
            rounds.Select(round => value(round.Ours)).Median(), rounds.Select(round => value(round.Other)).Median(), ratios.Median(), ratios.Min(), ratios.Max());
    }

    public string[] Row(string name, string format, string target) =>
        [name, Ours.ToString(format, CultureInfo.InvariantCulture), Other.ToString(format, CultureInfo.InvariantCulture), $"{OfOther:N2}", $"{Lowest:N2}-{Highest:N2}", target];
}
