namespace Sealpost.Deliveries;

/// <summary>One notification owed to one install; never reused. Written <c>dlv_…</c>.</summary>
public readonly record struct DeliveryId(long Value)
{
    private const string Prefix = "dlv_";

    public static bool TryParse(string? text, out DeliveryId id)
    {
        var ok = PublicId.TryParse(Prefix, text, out var value);
        id = new DeliveryId(value);
        return ok;
    }

    public override string ToString() => PublicId.Format(Prefix, Value);
}
