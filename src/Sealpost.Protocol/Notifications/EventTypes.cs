namespace Sealpost.Protocol.Notifications;

/// <summary>The event type keys that the platform itself knows; any other <c>type</c> is its own key (protocol 1).</summary>
public static class EventTypes
{
    /// <summary>Envelope type whose key is completed by the change's <c>event.type</c>; not a key by itself.</summary>
    public const string MessagingEventNotification = "ms.MessagingEventNotification";

    /// <summary>Envelope type of a published event; its key is that of a messaging event. Not a key by itself.</summary>
    public const string PublishEvent = "ms.PublishEvent";

    public const string ContentEvent = MessagingEventNotification + ".ContentEvent";
    public const string RichContentEvent = MessagingEventNotification + ".RichContentEvent";
    public const string AcceptStatusEvent = MessagingEventNotification + ".AcceptStatusEvent";
    public const string ChatStateEvent = MessagingEventNotification + ".ChatStateEvent";

    public const string ExConversationChangeNotification = "cqm.ExConversationChangeNotification";

    /// <summary>What an install's <c>/test</c> sends.</summary>
    public const string Test = "sealpost.Test";

    public const string AppFailed = "sealpost.AppFailed";
    public const string AppRecovered = "sealpost.AppRecovered";
    public const string AppSlow = "sealpost.AppSlow";
    public const string AppDisabled = "sealpost.AppDisabled";
    public const string CertificateExpiring = "sealpost.CertificateExpiring";
}
