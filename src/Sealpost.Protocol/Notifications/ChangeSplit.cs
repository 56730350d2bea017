namespace Sealpost.Protocol.Notifications;

/// <summary>
/// Gives each conversation and event type of a notification its own part (protocol 1). Walking the changes, a conversation has
/// one open part; a change of the same type joins it, one of another type closes it and opens the next.
/// </summary>
internal static class ChangeSplit
{
    /// <summary>
    /// All parts of one event at most, in bytes: as much as a publish request may hold. Each part repeats the envelope, so a
    /// hostile event of 1 MiB with a long envelope and thousands of conversations would otherwise take gigabytes.
    /// </summary>
    public const int MaxBytes = 16 << 20;

    public static EnvelopeError? Add(ChangeList? changes, EnvelopeKeys keys, List<NotificationPart> parts)
    {
        if (changes is null || changes.All.IsEmpty)
            return EnvelopeErrors.NoChanges();

        var first = changes.All[0];
        if (Find(first, 0, keys, out var eventType, out var conversation) is { } error)
            return error;
        if (!AllLike(first, changes.All, keys))
            return Split(changes, keys, parts);
        parts.Add(new NotificationPart(eventType, conversation, keys.Json));
        return null;
    }

    private static bool AllLike(Change first, ReadOnlySpan<Change> changes, EnvelopeKeys keys)
    {
        foreach (var change in changes[1..])
        {
            if (!IsLike(first, change, keys))
                return false;
        }
        return true;
    }

    private static bool IsLike(Change one, Change other, EnvelopeKeys keys) =>
        (keys.EventType is not null || one.EventType.SameAs(other.EventType, keys.Json.Span))
        && (keys.Conversation is not null || one.Conversation.SameAs(other.Conversation, keys.Json.Span));

    private static EnvelopeError? Find(Change change, int index, EnvelopeKeys keys, out string eventType, out string conversation)
    {
        var place = new EnvelopePlace("body.changes", index);
        conversation = "";
        return keys.FindEventType(change.EventType, place, out eventType)
            ?? keys.FindConversation(change.Conversation, place, out conversation);
    }

    private static EnvelopeError? Split(ChangeList changes, EnvelopeKeys keys, List<NotificationPart> parts)
    {
        var open = new Dictionary<string, OpenPart>(StringComparer.Ordinal);
        var ordered = new List<OpenPart>();
        var partOf = new OpenPart[changes.All.Length];
        for (var i = 0; i < partOf.Length; i++)
        {
            if (Find(changes.All[i], i, keys, out var eventType, out var conversation) is { } error)
                return error;
            if (!open.TryGetValue(conversation, out var part) || !string.Equals(part.EventType, eventType, StringComparison.Ordinal))
            {
                part = new OpenPart(eventType, conversation);
                open[conversation] = part;
                ordered.Add(part);
            }
            part.ChangeBytes += changes.All[i].Length;
            part.Changes++;
            partOf[i] = part;
        }

        if (BytesOf(ordered, changes, keys.Json.Length) > MaxBytes)
            return EnvelopeErrors.TooManyParts(MaxBytes);
        Write(ordered, partOf, changes, keys, parts);
        return null;
    }

    private static long BytesOf(List<OpenPart> ordered, ChangeList changes, int jsonLength) =>
        ordered.Sum(part => (long)part.LengthIn(changes.EnvelopeLength(jsonLength)));

    private static void Write(List<OpenPart> ordered, OpenPart[] partOf, ChangeList changes, EnvelopeKeys keys, List<NotificationPart> parts)
    {
        var json = keys.Json.Span;
        foreach (var part in ordered)
            part.Start(json[..changes.BodyBefore], part.LengthIn(changes.EnvelopeLength(json.Length)));
        for (var i = 0; i < partOf.Length; i++)
            partOf[i].Append(json[changes.All[i].Start..changes.All[i].End]);
        foreach (var part in ordered)
            parts.Add(new NotificationPart(part.EventType, part.Conversation, part.End(json[changes.BodyAfter..])));
    }
}
