using System.Text;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Tests.Protocol.Notifications;

/// <summary>Reads events for the tests beside it, and writes the ones they need.</summary>
internal static class Events
{
    public const string SeedExample =
        """{"kind":"req","id":"1","type":"ms.PublishEvent","body":{"dialogId":"123a4567-b89c-12d3-e456-789123456789","event":{"type":"ContentEvent","contentType":"text/plain","message":"Example of message to be sent"}}}""";

    public static List<NotificationPart> Read(string json, string? eventType = null, string? conversation = null)
    {
        var parts = new List<NotificationPart>();
        Assert.Null(Envelope.Read(Encoding.UTF8.GetBytes(json), eventType, conversation, parts));
        return parts;
    }

    public static (string EventType, string Conversation) ReadOne(string json, string? eventType = null, string? conversation = null)
    {
        var part = Assert.Single(Read(json, eventType, conversation));
        return (part.EventType, part.Conversation);
    }

    public static EnvelopeError Refuse(string json, string? eventType = null, string? conversation = null) =>
        Refuse(Encoding.UTF8.GetBytes(json), eventType, conversation);

    public static EnvelopeError Refuse(byte[] json, string? eventType = null, string? conversation = null)
    {
        var parts = new List<NotificationPart>();
        var error = Envelope.Read(json, eventType, conversation, parts);
        Assert.NotNull(error);
        Assert.Empty(parts);
        return error;
    }

    public static string Notification(params string[] changes) =>
        $$$"""{"kind":"notification","type":"ms.MessagingEventNotification","body":{"changes":[{{{string.Join(',', changes)}}}]}}""";

    public static string Change(string conversation, string type = "ContentEvent") =>
        $$$"""{"event":{"type":"{{{type}}}"},"conversationId":"{{{conversation}}}"}""";

    public static string TextOf(NotificationPart part) => Encoding.UTF8.GetString(part.Bytes.Span);
}
