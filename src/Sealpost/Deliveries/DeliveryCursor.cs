namespace Sealpost.Deliveries;

/// <summary>
/// Where a list goes on: below the id that the page before looked at last, whether or not that matched. Ids never change places, so a cursor stays good while
/// deliveries come and go.
/// </summary>
internal static class DeliveryCursor
{
    private const string Prefix = "cur_";

    public static string Text(DeliveryId last) => PublicId.Format(Prefix, last.Value);

    public static bool TryParse(string? text, out DeliveryId last)
    {
        var ok = PublicId.TryParse(Prefix, text, out var value);
        last = new DeliveryId(value);
        return ok;
    }
}
