using System.Text.Json;
using Sealpost.Protocol.Json;

namespace Sealpost.Protocol.Notifications;

/// <summary>
/// Reads one published event: its event type key and its conversation, and its parts where its changes are of several
/// conversations or types (protocol 1). Numbers are never parsed and nothing is re-serialised. Time and memory are linear
/// in the event's size, whatever it holds.
/// <para>The conversation is <c>conversationId</c>, else <c>result.convId</c>, else <c>dialogId</c>: of each change
/// (<c>ms.MessagingEventNotification</c>, <c>cqm.ExConversationChangeNotification</c>), of <c>body</c> (<c>ms.PublishEvent</c>);
/// for any other type of each change if <c>body.changes</c> is present, else of <c>body</c>, else of the root. A null counts
/// as a missing member.</para>
/// <para>Codes of refusal: <c>envelope_json</c> (not strict JSON), <c>envelope_type</c> (no <c>type</c>, or a key out of
/// bounds), <c>envelope_event_type</c> (no <c>event.type</c>), <c>envelope_changes</c> (<c>changes</c> is missing, no array or
/// empty, or its parts would be out of all proportion), <c>envelope_conversation</c> (none, or out of bounds).</para>
/// </summary>
public static class Envelope
{
    /// <summary>Reads <paramref name="body"/> and adds its parts, in the order of their first change, to <paramref name="parts"/>.</summary>
    /// <param name="body">One event's bytes. A part that is the whole event is this very slice.</param>
    /// <param name="eventType">The publish call's <c>eventType</c>, which wins over the envelope; null if it gave none.</param>
    /// <param name="conversation">The publish call's <c>conversation</c>, likewise. With both given the event need not be an
    /// envelope, only strict JSON.</param>
    /// <param name="parts">Takes the parts; left alone if the event is refused.</param>
    /// <returns>Null, or why the event is refused.</returns>
    public static EnvelopeError? Read(ReadOnlyMemory<byte> body, string? eventType, string? conversation, List<NotificationPart> parts)
    {
        if (eventType is not null && !KeyRules.Allow(eventType))
            return EnvelopeErrors.BadType("The request's eventType");
        if (conversation is not null && !KeyRules.Allow(conversation))
            return EnvelopeErrors.BadConversation("the request");
        try
        {
            return ReadStrictly(new EnvelopeKeys(body, eventType, conversation), parts);
        }
        catch (JsonException fault)
        {
            return EnvelopeErrors.NotJson(fault.Message);
        }
    }

    private static EnvelopeError? ReadStrictly(EnvelopeKeys keys, List<NotificationPart> parts)
    {
        var scan = new EnvelopeScan(keys.Json);
        try
        {
            scan.Run();
            return Judge(ref scan, keys, parts);
        }
        finally
        {
            scan.Dispose();
        }
    }

    private static EnvelopeError? Judge(ref EnvelopeScan scan, EnvelopeKeys keys, List<NotificationPart> parts)
    {
        if (keys is { EventType: not null, Conversation: not null })
            return AddWhole(default, "the event", keys, parts);

        var kind = EnvelopeKinds.Of(scan.Type, keys.Json.Span);
        if (keys.EventType is null && SettleEventType(kind, scan.Type, ref keys) is { } error)
            return error;

        if (kind is EnvelopeKind.Messaging or EnvelopeKind.ConversationChange)
            return ChangeSplit.Add(scan.Changes, keys, parts);
        if (kind is EnvelopeKind.Publish)
            return AddWhole(scan.Body, "body", keys, parts);
        if (keys.Conversation is null && scan.Changes is not null)
            return ChangeSplit.Add(scan.Changes, keys, parts);
        return scan.Body.Conversation.Kind != JsonTextKind.Missing
            ? AddWhole(scan.Body, "body", keys, parts)
            : AddWhole(scan.Root, "the event", keys, parts);
    }

    // A messaging event's key stays open: an event.type completes it.
    private static EnvelopeError? SettleEventType(EnvelopeKind kind, JsonText type, ref EnvelopeKeys keys)
    {
        if (!type.IsText)
            return EnvelopeErrors.NoType();
        if (kind is EnvelopeKind.Messaging or EnvelopeKind.Publish)
            return null;
        var key = kind == EnvelopeKind.ConversationChange ? EventTypes.ExConversationChangeNotification : type.Decode(keys.Json.Span);
        keys = keys with { EventType = key };
        return KeyRules.Allow(key) ? null : EnvelopeErrors.BadType("The event's \"type\"");
    }

    private static EnvelopeError? AddWhole(Subject subject, string where, EnvelopeKeys keys, List<NotificationPart> parts)
    {
        var place = new EnvelopePlace(where);
        if (keys.FindEventType(subject.EventType, place, out var eventType) is { } noType)
            return noType;
        if (keys.FindConversation(subject.Conversation, place, out var conversation) is { } noConversation)
            return noConversation;
        parts.Add(new NotificationPart(eventType, conversation, keys.Json));
        return null;
    }
}
