using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>
/// Gives a submission its place: ids, sequences, and the deliveries it owes. Writes them into the batch; nothing counts until
/// the batch is committed.
/// </summary>
/// <remarks>Not thread-safe: the ledger thread's own.</remarks>
internal sealed class Intake(ILedgerStore store, InstallDirectory installs, AccountDirectory accounts)
{
    private readonly SequenceBook _sequences = new(store);
    private readonly Dictionary<string, int> _eventTypes = new(StringComparer.Ordinal);
    private long _lastId = store.LastId();
    private DateTimeOffset _lastAcceptance;

    /// <summary>
    /// Ids count up within a millisecond's 2^20, from the present time on: so that a restored backup or a fresh data directory
    /// never gives an id again that a receiver has seen.
    /// </summary>
    public void StartIdsAt(DateTimeOffset now)
    {
        _lastId = Math.Max(_lastId, now.ToUnixTimeMilliseconds() << 20);
        _lastAcceptance = DateTimeOffset.FromUnixTimeMilliseconds(_lastId >> 20);
    }

    /// <summary>
    /// The moment of an acceptance: the present one, or the last given where the clock was set back, so that what was accepted
    /// earlier never expires later.
    /// </summary>
    public DateTimeOffset AcceptanceAt(DateTimeOffset now) => _lastAcceptance = now > _lastAcceptance ? now : _lastAcceptance;

    /// <summary>The store's number of an account. Publishing has made sure that the account exists.</summary>
    public int AccountNumber(AccountId account) =>
        accounts.TryGetNumber(account, out var number) ? number : throw new InvalidOperationException($"account {account} is not known");

    /// <param name="submission">What was published.</param>
    /// <param name="now">The moment of acceptance.</param>
    /// <param name="batch">Takes the rows.</param>
    /// <param name="accepted">Takes the deliveries, to be handed on once the batch is committed.</param>
    public Acceptance Admit(Submission submission, DateTimeOffset now, LedgerBatch batch, List<AcceptedDelivery> accepted)
    {
        var ids = new NotificationId[submission.Lines];
        var owed = 0;
        var line = -1;
        foreach (var (at, part) in submission.Notifications)
        {
            var id = ++_lastId;
            if (at != line)
            {
                line = at;
                ids[line] = new NotificationId(id);
            }

            var subscribers = SubscribersOf(submission, part.EventType);
            if (subscribers.Length == 0)
            {
                continue;
            }

            var eventType = submission.Target?.EventType ?? part.EventType;
            var body = part.Bytes.ToArray();
            batch.Notifications.Add(new NotificationRow(
                id, AccountNumber(submission.Account), NumberOf(part.EventType), part.Conversation, now, ids[line].Value == id ? null : ids[line].Value, body));
            var conversation = ConversationKey.Of(store.ConversationSeed, part.Conversation);
            foreach (var install in subscribers)
            {
                Owe(install, eventType, id, new PendingDelivery
                {
                    Id = ++_lastId,
                    ConversationKey = conversation,
                    Conversation = part.Conversation,
                    Sequence = _sequences.Next(install.Number, conversation),
                    EventType = eventType,
                    AcceptedAt = now,
                    Body = body,
                });
                owed++;
            }
        }

        return new Acceptance(submission.Lines, owed, ids);

        void Owe(Install install, string eventType, long notification, PendingDelivery delivery)
        {
            batch.Deliveries.Add(new DeliveryRow(
                delivery.Id, install.Number, notification, delivery.ConversationKey, delivery.Sequence, NumberOf(eventType), delivery.Body.Length, now));
            accepted.Add(new AcceptedDelivery(install, delivery));
        }
    }

    /// <summary>
    /// Owes deliveries once more. What the store does not give any more, or the install has no webhook for, is left out.
    /// </summary>
    /// <remarks>
    /// The bytes are stored again under an id of their own: deliveries stand right behind their notification, and whoever deletes what
    /// is old relies on it. The publisher's id stays the original's.
    /// </remarks>
    /// <param name="replay">What is to be replayed.</param>
    /// <param name="now">The moment of acceptance: age counts from here.</param>
    /// <param name="batch">Takes the rows, and the progress of the job.</param>
    /// <param name="accepted">Takes the deliveries.</param>
    public Acceptance Admit(ReplayWish replay, DateTimeOffset now, LedgerBatch batch, List<AcceptedDelivery> accepted)
    {
        var replayed = new List<DeliveryId>(replay.Originals.Count);
        if (installs.Find(replay.Install) is { } install)
        {
            foreach (var original in replay.Originals)
            {
                if (store.FindReplayable(install.Number, original.Value) is { } found && install.Manifest.Webhooks.ContainsKey(found.EventType))
                {
                    replayed.Add(Repeat(install, original.Value, found, now, batch, accepted));
                }
            }
        }

        if (replay.Job is { } job)
        {
            batch.Replays.Add(new ReplayProgress(job, replay.Originals[^1].Value, replayed.Count, replay.Originals.Count - replayed.Count));
        }

        return new Acceptance(0, replayed.Count, []) { Replayed = replayed };
    }

    /// <summary>The batch was not kept: what it had counted is counted anew.</summary>
    public void Forget() => _sequences.Forget();

    private DeliveryId Repeat(
        Install install, long original, ReplayableDelivery found, DateTimeOffset now, LedgerBatch batch, List<AcceptedDelivery> accepted)
    {
        var notification = ++_lastId;
        batch.Notifications.Add(new NotificationRow(notification, found.Account, found.PublishedAs, found.Conversation, now, found.Line, found.Body));
        var conversation = ConversationKey.Of(store.ConversationSeed, found.Conversation);
        var delivery = new PendingDelivery
        {
            Id = ++_lastId,
            ConversationKey = conversation,
            Conversation = found.Conversation,
            Sequence = _sequences.Next(install.Number, conversation),
            EventType = found.EventType,
            AcceptedAt = now,
            Body = found.Body,
            ReplayOf = original,
        };
        batch.Deliveries.Add(new DeliveryRow(
            delivery.Id, install.Number, notification, conversation, delivery.Sequence, NumberOf(found.EventType), found.Body.Length, now, original));
        accepted.Add(new AcceptedDelivery(install, delivery));
        return new DeliveryId(delivery.Id);
    }

    // A test event's install may have been deleted since it was asked for.
    private Install[] SubscribersOf(Submission submission, string eventType)
    {
        if (submission.Target is { } target)
        {
            return installs.Find(target.Install.Number) is { } present ? [present] : [];
        }

        var subscribers = installs.Subscribers(submission.Account, eventType);
        return submission.About is { } subject ? [.. subscribers.Where(install => install.Number != subject)] : subscribers;
    }

    private int NumberOf(string eventType)
    {
        if (!_eventTypes.TryGetValue(eventType, out var number))
        {
            _eventTypes.Add(eventType, number = store.EventTypeNumber(eventType));
        }

        return number;
    }
}
