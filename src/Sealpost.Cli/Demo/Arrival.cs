using System.Text.Json;
using Sealpost.Cli.Client;
using Sealpost.Cli.Receiving;

namespace Sealpost.Cli.Demo;

/// <summary>One attempt as the demo's receiver saw it.</summary>
/// <param name="Notification">What came in.</param>
/// <param name="SignatureValid">Whether the install's secret signed it.</param>
/// <param name="Status">What the receiver answered.</param>
internal sealed record Arrival(ReceivedNotification Notification, bool SignatureValid, int Status)
{
    public bool Taken => Status == 200;

    /// <summary>The conversation and the words of a notification of <see cref="Script"/>; empty where the body is none.</summary>
    public (string Conversation, string Words) Content()
    {
        try
        {
            var changes = JsonElement.Parse(Notification.Body.Span).Member("body").Member("changes").Items();
            return changes is [var change, ..] ? (change.Text("conversationId"), change.Member("event").Text("message")) : ("", "");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}
