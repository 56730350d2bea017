using Sealpost.Protocol.Json;

namespace Sealpost.Protocol.Notifications;

/// <summary>What an object of an envelope says about the conversation and the event it belongs to.</summary>
internal struct Subject
{
    public JsonText ConversationId;
    public JsonText ResultConvId;
    public JsonText DialogId;

    /// <summary>Its <c>event.type</c>.</summary>
    public JsonText EventType;

    /// <summary><c>conversationId</c>, else <c>result.convId</c>, else <c>dialogId</c> (protocol 1).</summary>
    public readonly JsonText Conversation =>
        ConversationId.Kind != JsonTextKind.Missing ? ConversationId
        : ResultConvId.Kind != JsonTextKind.Missing ? ResultConvId
        : DialogId;
}
