namespace Sealpost.Deliveries.Replay;

/// <summary>One replay of a range; never reused. Written <c>job_…</c>.</summary>
internal readonly record struct ReplayId(long Value)
{
    private const string Prefix = "job_";

    public static bool TryParse(string? text, out ReplayId id)
    {
        var ok = PublicId.TryParse(Prefix, text, out var value);
        id = new ReplayId(value);
        return ok;
    }

    public override string ToString() => PublicId.Format(Prefix, Value);
}
