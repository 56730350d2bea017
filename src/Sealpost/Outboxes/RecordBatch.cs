using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>What is to be recorded, in the order it came about. Of an install's standing only the last counts.</summary>
internal sealed class RecordBatch
{
    public List<OutcomeRecord> Outcomes { get; } = [];

    public Dictionary<int, Standing> Standings { get; } = [];

    public int Count => Outcomes.Count + Standings.Count;

    /// <summary>Later records follow.</summary>
    public void Append(RecordBatch later)
    {
        Outcomes.AddRange(later.Outcomes);
        foreach (var (install, standing) in later.Standings)
        {
            Standings[install] = standing;
        }
    }

    public void Clear()
    {
        Outcomes.Clear();
        Standings.Clear();
    }
}
