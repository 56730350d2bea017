using System.Buffers;
using System.Text.Json;
using Sealpost.Deliveries.Live;
using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Operations;

/// <summary>
/// Something that whoever operates an app wants to know (protocol 4, operational events): it is logged, shown in the live stream,
/// and published in the account like any event.
/// </summary>
/// <param name="Type">The event type, one of <c>sealpost.…</c>.</param>
/// <param name="Install">The install that it is about; it is not told itself.</param>
/// <param name="At">When it came about.</param>
internal sealed record OperationalEvent(string Type, Install Install, DateTimeOffset At)
{
    /// <summary>The endpoints that it is about; none: all of the install's.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>A code for why.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it has been so, where that is not <see cref="At"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The event as a publisher would send it: in a conversation of its install's own, so that its news stay in order.</summary>
    public Submission ToSubmission()
    {
        var submission = new Submission(Install.Account) { About = Install.Number, Lines = 1 };
        submission.Notifications.Add(new SubmittedNotification(0, new NotificationPart(Type, Install.ClientIdText, Envelope())));
        return submission;
    }

    public OperationalLiveEvent ToLive() => new() { Account = Install.Account, Type = Type, WriteBody = WriteBody };

    private ReadOnlyMemory<byte> Envelope()
    {
        var envelope = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(envelope);
        json.WriteStartObject();
        json.WriteString("kind", "notification");
        json.WriteString("type", Type);
        json.WritePropertyName("body");
        WriteBody(json);
        json.WriteEndObject();
        json.Flush();
        return envelope.WrittenMemory;
    }

    private void WriteBody(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("client_id", Install.ClientId);
        json.WriteString("client_name", Install.Manifest.ClientName);
        json.WriteString("at", Times.Text(At));
        if (Since is { } since)
        {
            json.WriteString("since", Times.Text(since));
        }

        if (Reason is not null)
        {
            json.WriteString("reason", Reason);
        }

        if (Endpoints.Count > 0)
        {
            json.WriteStartArray("endpoints");
            foreach (var endpoint in Endpoints)
            {
                json.WriteStringValue(endpoint);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
