using System.Text.Json;

namespace Sealpost.Cli.Demo;

/// <summary>What the demo's people say, as the platform publishes it: content events of two conversations.</summary>
internal static class Script
{
    public const string EventType = "ms.MessagingEventNotification.ContentEvent";

    public static IReadOnlyList<Spoken> FirstScene { get; } =
    [
        new("order-4711", 1, "Hello, where is my parcel?"),
        new("order-4711", 2, "Let me look that up for you."),
        new("refund-0815", 1, "I would like to return a lamp."),
        new("order-4711", 3, "It is out for delivery today."),
        new("refund-0815", 2, "No problem, here is your label."),
    ];

    public static IReadOnlyList<Spoken> ThirdScene { get; } =
    [
        new("order-4711", 7, "It is here, thank you!"),
        new("refund-0815", 5, "The lamp is on its way back."),
        new("order-4711", 8, "Have a nice day."),
    ];

    public static IReadOnlyList<Spoken> SecondScene { get; } =
    [
        new("order-4711", 4, "Will it come before noon?"),
        new("refund-0815", 3, "Thank you!"),
        new("order-4711", 5, "Between ten and eleven."),
        new("refund-0815", 4, "You are welcome."),
        new("order-4711", 6, "Great."),
    ];
}

/// <summary>One message of the script.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Number">Its place there, from 1.</param>
/// <param name="Words">What is said.</param>
internal sealed record Spoken(string Conversation, int Number, string Words)
{
    /// <summary>The notification's text: these very bytes are to arrive.</summary>
    public string Json { get; } = JsonSerializer.Serialize(new
    {
        kind = "notification",
        type = "ms.MessagingEventNotification",
        body = new
        {
            changes = new[]
            {
                new
                {
                    conversationId = Conversation,
                    dialogId = Conversation,
                    sequence = Number,
                    originatorMetadata = new { id = "demo", role = "CONSUMER" },
                    @event = new { type = "ContentEvent", contentType = "text/plain", message = Words },
                },
            },
        },
    });
}
