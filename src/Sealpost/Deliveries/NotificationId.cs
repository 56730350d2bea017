namespace Sealpost.Deliveries;

/// <summary>One published notification; never reused. Written <c>ntf_…</c>.</summary>
public readonly record struct NotificationId(long Value)
{
    private const string Prefix = "ntf_";

    public static bool TryParse(string? text, out NotificationId id)
    {
        var ok = PublicId.TryParse(Prefix, text, out var value);
        id = new NotificationId(value);
        return ok;
    }

    public override string ToString() => PublicId.Format(Prefix, Value);
}
