using Sealpost.Protocol.Json;

namespace Sealpost.Protocol.Notifications;

/// <summary>Finds the keys of an event or of one change of it: what is settled for the whole event wins, else the envelope is asked.</summary>
/// <param name="Json">The event, already checked.</param>
/// <param name="EventType">The event type key of all it holds; null where each change has its own <c>event.type</c>.</param>
/// <param name="Conversation">The conversation of all it holds; null where the envelope says it.</param>
internal readonly record struct EnvelopeKeys(ReadOnlyMemory<byte> Json, string? EventType, string? Conversation)
{
    private const string MessagingPrefix = EventTypes.MessagingEventNotification + ".";

    public EnvelopeError? FindEventType(JsonText own, EnvelopePlace place, out string key)
    {
        key = EventType ?? "";
        if (EventType is not null)
            return null;
        if (own.IsText && own.Length > 0)
            key = MessagingKey(own);
        return KeyRules.Allow(key) ? null : EnvelopeErrors.BadEventType($"\"event.type\" of {place}");
    }

    public EnvelopeError? FindConversation(JsonText own, EnvelopePlace place, out string key)
    {
        key = Conversation ?? "";
        if (Conversation is not null)
            return null;
        if (own.Kind == JsonTextKind.Missing)
            return EnvelopeErrors.NoConversation(place.ToString());
        if (own.IsText)
            key = own.Decode(Json.Span);
        return KeyRules.Allow(key) ? null : EnvelopeErrors.BadConversation(place.ToString());
    }

    // The known keys are constants: an event costs no string for its type.
    private string MessagingKey(JsonText type)
    {
        var json = Json.Span;
        if (type.Is("ContentEvent"u8, json))
            return EventTypes.ContentEvent;
        if (type.Is("RichContentEvent"u8, json))
            return EventTypes.RichContentEvent;
        if (type.Is("AcceptStatusEvent"u8, json))
            return EventTypes.AcceptStatusEvent;
        if (type.Is("ChatStateEvent"u8, json))
            return EventTypes.ChatStateEvent;
        return MessagingPrefix + type.Decode(json);
    }
}

/// <summary>Which object of an event a fault is about; words are made only if there is one.</summary>
internal readonly record struct EnvelopePlace(string Name, int Index = -1)
{
    public override string ToString() => Index < 0 ? Name : $"{Name}[{Index}]";
}
