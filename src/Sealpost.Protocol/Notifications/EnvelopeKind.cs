using Sealpost.Protocol.Json;

namespace Sealpost.Protocol.Notifications;

/// <summary>The envelopes that protocol 1 tells apart.</summary>
internal enum EnvelopeKind
{
    /// <summary>Any other type, which is its own key, or none.</summary>
    Other,

    /// <summary><c>ms.MessagingEventNotification</c>: each change has its own event type.</summary>
    Messaging,

    /// <summary><c>cqm.ExConversationChangeNotification</c>.</summary>
    ConversationChange,

    /// <summary><c>ms.PublishEvent</c>: the body is the one event.</summary>
    Publish,
}

internal static class EnvelopeKinds
{
    public static EnvelopeKind Of(JsonText type, ReadOnlySpan<byte> json)
    {
        if (type.Is("ms.MessagingEventNotification"u8, json))
            return EnvelopeKind.Messaging;
        if (type.Is("cqm.ExConversationChangeNotification"u8, json))
            return EnvelopeKind.ConversationChange;
        return type.Is("ms.PublishEvent"u8, json) ? EnvelopeKind.Publish : EnvelopeKind.Other;
    }
}
