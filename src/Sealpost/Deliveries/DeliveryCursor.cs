namespace Sealpost.Deliveries;

/// <summary>
/// Where a list goes on (<see cref="ListPosition"/>), as text. Ids never change places, so a cursor stays good while deliveries come
/// and go.
/// </summary>
internal static class DeliveryCursor
{
    /// <summary>Ids in one cursor, the last delivery among them.</summary>
    public const int MostIds = 40;

    private const string Prefix = "cur_";

    private static readonly int IdLength = PublicId.Format("", 0).Length;

    public static string Text(ListPosition position) =>
        string.Concat(position.Heads.Select(head => PublicId.Format("", head)).Prepend(PublicId.Format(Prefix, position.Last.Value)));

    public static bool TryParse(string? text, out ListPosition position)
    {
        position = new ListPosition(default(DeliveryId));
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || (text.Length - Prefix.Length) / IdLength > MostIds)
        {
            return false;
        }

        var ids = new List<long>();
        for (var at = Prefix.Length; at < text.Length; at += IdLength)
        {
            if (!PublicId.TryParse("", text[at..Math.Min(at + IdLength, text.Length)], out var id))
            {
                return false;
            }

            ids.Add(id);
        }

        if (ids.Count == 0)
        {
            return false;
        }

        position = new ListPosition(new DeliveryId(ids[0]));
        position = ids.Count == 1 ? position : position with { Heads = ids[1..] };
        return true;
    }
}
