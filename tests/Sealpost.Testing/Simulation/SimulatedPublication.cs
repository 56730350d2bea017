using System.Buffers.Binary;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Testing.Simulation;

/// <summary>One event that is published; its bytes start with its number, so that each attempt shows which one it carries.</summary>
internal sealed record SimulatedEvent(int Number, string EventType, string Conversation, ReadOnlyMemory<byte> Body)
{
    public static SimulatedEvent Make(int number, string eventType, string conversation, int bytes)
    {
        var body = new byte[Math.Max(bytes, sizeof(int))];
        BinaryPrimitives.WriteInt32LittleEndian(body, number);
        return new SimulatedEvent(number, eventType, conversation, body);
    }

    public static int NumberIn(ReadOnlyMemory<byte> body) => BinaryPrimitives.ReadInt32LittleEndian(body.Span);
}

/// <summary>One publish request of a run.</summary>
internal sealed class SimulatedPublication
{
    public SimulatedPublication(AccountId account, IReadOnlyList<SimulatedEvent> events, string? key, TestTarget? target = null)
    {
        Events = events;
        Submission = new Submission(account) { Key = key is null ? null : new IdempotencyKey(key, HashOf(events)), Target = target };
        foreach (var published in events)
        {
            // Two events may stand on one line, as after a split.
            var isSplit = published.Number % 5 == 0 && Submission.Lines > 0;
            Submission.Lines += isSplit ? 0 : 1;
            Submission.Notifications.Add(new SubmittedNotification(
                Submission.Lines - 1, new NotificationPart(published.EventType, published.Conversation, published.Body)));
        }
    }

    /// <summary>Deliveries of one install that are to be replayed, oldest first.</summary>
    public SimulatedPublication(AccountId account, IReadOnlyList<StoredRow> originals)
    {
        (Events, Originals) = ([], originals);
        Submission = new Submission(account)
        {
            Replay = new ReplayWish(originals[0].Row.Install, [.. originals.Select(row => new DeliveryId(row.Row.Id))]),
        };
    }

    public IReadOnlyList<SimulatedEvent> Events { get; }

    /// <summary>What is replayed; empty where events are published.</summary>
    public IReadOnlyList<StoredRow> Originals { get; } = [];

    /// <summary>Those of the originals that were stored once more for it.</summary>
    public HashSet<long> Replayed { get; } = [];

    public Submission Submission { get; }

    /// <summary>Deliveries that it owes if it is accepted; the oracle's own count.</summary>
    public int Owed { get; set; }

    /// <summary>Published again under the key of this one.</summary>
    public SimulatedPublication? RepeatOf { get; init; }

    public SimulatedPublication Repeat() =>
        new(Submission.Account, Events, Submission.Key!.Key, Submission.Target) { RepeatOf = RepeatOf ?? this };

    private static byte[] HashOf(IReadOnlyList<SimulatedEvent> events) =>
        [.. events.SelectMany(published => BitConverter.GetBytes(published.Number))];
}
