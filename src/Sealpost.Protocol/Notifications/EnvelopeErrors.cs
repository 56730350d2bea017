namespace Sealpost.Protocol.Notifications;

/// <summary>The ways an envelope is refused; the codes are listed at <see cref="Envelope"/>.</summary>
internal static class EnvelopeErrors
{
    public static EnvelopeError NotJson(string reason) => new("envelope_json", $"The event is not strict JSON. {reason}");

    public static EnvelopeError NoType() =>
        new("envelope_type", "The event has no member \"type\" with a text, and the request gives no eventType.");

    public static EnvelopeError BadType(string where) => new("envelope_type", $"{where} must have {KeyRules.Words}.");

    public static EnvelopeError BadEventType(string where) =>
        new("envelope_event_type", $"{where} must be a text; the event type key made of it must have {KeyRules.Words}.");

    public static EnvelopeError NoChanges() => new("envelope_changes", "\"body.changes\" must be an array with at least one change.");

    public static EnvelopeError TooManyParts(int maxBytes) =>
        new("envelope_changes", $"Split by conversation and type, the event would take more than {maxBytes} bytes.");

    public static EnvelopeError NoConversation(string where) =>
        new("envelope_conversation", $"{where} has no \"conversationId\", \"result.convId\" or \"dialogId\", and the request gives no conversation.");

    public static EnvelopeError BadConversation(string where) =>
        new("envelope_conversation", $"The conversation of {where} must be a text of {KeyRules.Words}.");
}
