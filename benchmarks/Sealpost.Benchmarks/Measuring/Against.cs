namespace Sealpost.Benchmarks.Measuring;

/// <summary>One measure of ours and of what it is compared with, taken one after the other.</summary>
internal sealed record Against(double Ours, double Other)
{
    /// <summary>Measures both; who is first alternates with the rounds, since the second finds the machine as the first left it.</summary>
    public static async Task<Against> InTurnAsync(int round, Func<Task<double>> oursAsync, Func<Task<double>> otherAsync)
    {
        if (round % 2 == 0)
        {
            var ours = await oursAsync();
            return new Against(ours, await otherAsync());
        }

        var other = await otherAsync();
        return new Against(await oursAsync(), other);
    }

    public static Summary Medians(IReadOnlyList<Against> rounds)
    {
        var ratios = rounds.Select(round => round.Ours / round.Other).ToList();
        return new Summary(rounds.Select(round => round.Ours).Median(), rounds.Select(round => round.Other).Median(), ratios.Median(), ratios.Min(), ratios.Max());
    }

    /// <summary>Medians of both; the ratio is the median of each round's own, with the lowest and the highest.</summary>
    internal sealed record Summary(double Ours, double Other, double Ratio, double Lowest, double Highest);
}
