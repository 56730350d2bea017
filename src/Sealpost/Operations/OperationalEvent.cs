using System.Buffers;
using System.Text.Json;
using Sealpost.Accounts;
using Sealpost.Deliveries.Live;
using Sealpost.Hosting;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Operations;

/// <summary>
/// Something that whoever operates an account wants to know (protocol 4, operational events): it is logged, shown in the live stream,
/// and published in the account like any event.
/// </summary>
/// <param name="Type">The event type, one of <c>sealpost.…</c>.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="At">When it came about.</param>
internal abstract record OperationalEvent(string Type, AccountId Account, DateTimeOffset At)
{
    /// <summary>What it is about, in the log's words.</summary>
    public abstract string Subject { get; }

    /// <summary>What else the log says.</summary>
    public abstract string Details { get; }

    /// <summary>A conversation of its subject's own, so that its news stay in order.</summary>
    protected abstract string Conversation { get; }

    /// <summary>The number of the install that it is about: that one is not told itself.</summary>
    protected virtual int? About => null;

    /// <summary>The <c>client_id</c> of the install that it is about.</summary>
    protected virtual Guid? AboutApp => null;

    /// <summary>The event as a publisher would send it.</summary>
    public Submission ToSubmission()
    {
        var submission = new Submission(Account) { About = About, Lines = 1 };
        submission.Notifications.Add(new SubmittedNotification(0, new NotificationPart(Type, Conversation, Envelope())));
        return submission;
    }

    public OperationalLiveEvent ToLive() => new() { Account = Account, Install = AboutApp, Type = Type, WriteBody = WriteBody };

    /// <summary>Writes what the body says of its subject.</summary>
    protected abstract void WriteSubject(Utf8JsonWriter json);

    /// <summary>Writes what else the body says.</summary>
    protected abstract void WriteDetails(Utf8JsonWriter json);

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
        WriteSubject(json);
        json.WriteString("at", Times.Text(At));
        WriteDetails(json);
        json.WriteEndObject();
    }
}
