namespace Sealpost.Benchmarks.Measuring;

/// <summary>How long events took, as percentiles in milliseconds, and how many never arrived.</summary>
internal sealed record Spans(double SentP50, double SentP99, double AcceptedP50, double AcceptedP99, long Missing)
{
    /// <param name="board">Where the times stand.</param>
    /// <param name="first">The first event's number.</param>
    /// <param name="end">The number after the last one's.</param>
    /// <param name="isCounted">Which of them count, by number.</param>
    public static Spans Read(Board board, long first, long end, Func<long, bool> isCounted)
    {
        List<long> sent = [], accepted = [];
        var missing = 0L;
        for (var number = first; number < end; number++)
        {
            if (!isCounted(number))
            {
                continue;
            }

            var arrival = board.Read(Passage.Arrived, number);
            if (arrival == 0)
            {
                missing++;
            }
            else
            {
                sent.Add(arrival - board.Read(Passage.Sent, number));
                accepted.Add(Math.Max(0, arrival - board.Read(Passage.Accepted, number)));
            }
        }

        long[] bySent = [.. sent.Order()], byAccepted = [.. accepted.Order()];
        return new Spans(
            bySent.PercentileMilliseconds(0.5),
            bySent.PercentileMilliseconds(0.99),
            byAccepted.PercentileMilliseconds(0.5),
            byAccepted.PercentileMilliseconds(0.99),
            missing);
    }

    /// <summary>The time from sent to answered that this share of the events with these numbers did not exceed, in milliseconds.</summary>
    public static double Answered(Board board, long first, long end, double share)
    {
        var spans = new List<long>();
        for (var number = first; number < end; number++)
        {
            spans.Add(board.Read(Passage.Accepted, number) - board.Read(Passage.Sent, number));
        }

        long[] sorted = [.. spans.Order()];
        return sorted.PercentileMilliseconds(share);
    }

    public static Spans Medians(IReadOnlyList<Spans> rounds) => new(
        rounds.Select(r => r.SentP50).Median(),
        rounds.Select(r => r.SentP99).Median(),
        rounds.Select(r => r.AcceptedP50).Median(),
        rounds.Select(r => r.AcceptedP99).Median(),
        rounds.Sum(r => r.Missing));
}
