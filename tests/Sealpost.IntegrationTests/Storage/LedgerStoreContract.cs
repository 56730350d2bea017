using System.Text;
using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Storage;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What the ledger and the backlogs expect of every store.</summary>
public abstract class LedgerStoreContract
{
    private protected static readonly DateTimeOffset Now = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private const long Conversation = 77;

    private readonly LedgerBatch _batch = new();
    private long _lastId = 100;

    private protected abstract ILedgerStore Ledger { get; }

    private protected abstract IBacklogStore Backlog { get; }

    /// <summary>What the store of installs does when an event type, or with null an install, is removed.</summary>
    private protected abstract void AddRemoval(int install, string? eventType);

    [Fact]
    public void What_was_committed_is_read_back_as_it_was()
    {
        var id = Add(install: 1, sequence: 1, body: "{}");
        Commit();

        var read = Assert.Single(Backlog.Read([id]));
        Assert.Equal((id, 1, Conversation, "talk", 1L, "t.One"), (read.Id, read.Install, read.ConversationKey, read.Conversation, read.Sequence, read.EventType));
        Assert.Equal((Now, 0, null, "{}"), (read.AcceptedAt, read.Attempts, read.DueAt, Encoding.UTF8.GetString(read.Body.Span)));
    }

    [Fact]
    public void A_batch_that_cannot_be_written_leaves_nothing_behind()
    {
        var twice = Add(1, 1);
        Commit();
        Add(1, 2);
        _batch.Deliveries.Add(_batch.Deliveries[0] with { Id = twice });
        _batch.Answers.Add(Answer("key", Now.AddDays(1)));

        Assert.Throws<StoreException>(() => Ledger.Commit(_batch));
        Assert.Equal([twice], Backlog.ReadPage(1, 0, 10).Select(row => row.Id));
        Assert.Null(Ledger.FindAnswer(1, "key", Now));
        _batch.Clear();
        Add(1, 2);
        Commit();
        Assert.Equal(2, Ledger.LastSequence(1, Conversation));
    }

    [Fact]
    public void A_page_goes_through_the_lanes_of_one_install_in_accepted_order()
    {
        long[] ids = [Add(1, 1), Add(1, 1, conversation: 5), Add(2, 1), Add(1, 2), Add(1, 3)];
        Commit();
        Record(ids[1], DeliveryState.Waiting, dueAt: Now);
        Record(ids[3], DeliveryState.Delivered);

        Assert.Equal([ids[0], ids[4]], Backlog.ReadPage(1, 0, 10).Select(row => row.Id));
        Assert.Equal([ids[4]], Backlog.ReadPage(1, ids[0], 10).Select(row => row.Id));
        Assert.Equal([ids[0]], Backlog.ReadPage(1, 0, 1).Select(row => row.Id));
        Assert.Equal(new BacklogRow(ids[2], Conversation, 1, "t.One", 4, Now), Assert.Single(Backlog.ReadPage(2, 0, 10)));
    }

    [Fact]
    public void Only_pending_deliveries_are_read_by_id_those_beside_their_lanes_too()
    {
        long[] ids = [Add(1, 1), Add(1, 2), Add(1, 3), Add(1, 4)];
        Commit();
        Record(ids[1], DeliveryState.Waiting, dueAt: Now.AddSeconds(30), attempts: 1);
        Record(ids[2], DeliveryState.Delivered);
        Record(ids[3], DeliveryState.Dead, reason: DeadReason.NotRetried);

        var read = Backlog.Read([.. ids, 999_999]);
        Assert.Equal([ids[0], ids[1]], read.Select(delivery => delivery.Id).Order());
        Assert.Equal((1, Now.AddSeconds(30)), (read.Single(delivery => delivery.Id == ids[1]).Attempts, read.Single(delivery => delivery.Id == ids[1]).DueAt));
    }

    [Fact]
    public void The_start_finds_what_is_in_the_lanes_by_install_and_what_waits_with_its_due_time()
    {
        long[] ids = [Add(2, 1), Add(1, 1), Add(2, 2), Add(1, 2)];
        Commit();
        Record(ids[3], DeliveryState.Waiting, dueAt: Now.AddSeconds(30), attempts: 2);

        var pending = new List<(int Install, long Id)>();
        Backlog.ReadPending((install, row) => pending.Add((install, row.Id)));
        Assert.Equal([(1, ids[1]), (2, ids[0]), (2, ids[2])], pending);
        var waiting = new List<(DueRetry Retry, DateTimeOffset DueAt, int Bytes)>();
        Backlog.ReadWaiting((retry, dueAt, bytes) => waiting.Add((retry, dueAt, bytes)));
        Assert.Equal([(new DueRetry(ids[3], 1, 2), Now.AddSeconds(30), 4)], waiting);
    }

    [Fact]
    public void What_is_over_stays_so_except_that_a_success_counts()
    {
        long[] ids = [Add(1, 1), Add(1, 2)];
        Commit();
        Record(ids[0], DeliveryState.Dead, reason: DeadReason.AppRemoved, isAttempted: false);
        Record(ids[0], DeliveryState.InLane, dueAt: Now);
        Record(ids[1], DeliveryState.Delivered);
        Record(ids[1], DeliveryState.Dead, reason: DeadReason.Expired, isAttempted: false);
        Record(ids[1], DeliveryState.Waiting, dueAt: Now);

        Assert.Empty(Backlog.Read(ids));
        Record(ids[0], DeliveryState.Delivered);
        Assert.Empty(Backlog.ReadPage(1, 0, 10));
    }

    [Fact]
    public void A_removed_event_types_deliveries_die_in_batches_and_later_ones_live()
    {
        long[] ids = [Add(1, 1), Add(1, 2), Add(1, 3, eventType: "t.Two"), Add(1, 4), Add(2, 1)];
        Commit();
        Record(ids[1], DeliveryState.Waiting, dueAt: Now);
        AddRemoval(1, "t.One");
        var later = Add(1, 5);
        Commit();

        var removal = Assert.Single(Ledger.Removals(1));
        Assert.Equal("t.One", removal.EventType);
        Assert.Equal(new[] { new RemovedDelivery(ids[0], 1, Conversation, 1, 4, true), new RemovedDelivery(ids[3], 1, Conversation, 4, 4, true) }, Sorted(Ledger.Remove(removal, Now, 2)));
        Assert.Single(Ledger.Removals());
        Assert.Equal([new RemovedDelivery(ids[1], 1, Conversation, 2, 4, false)], Ledger.Remove(removal, Now, 2));
        Assert.Empty(Ledger.Removals());
        Assert.Equal([ids[2], later], Backlog.ReadPage(1, 0, 10).Select(row => row.Id));
        Assert.Equal([ids[4]], Backlog.ReadPage(2, 0, 10).Select(row => row.Id));
    }

    [Fact]
    public void A_removed_installs_deliveries_die_those_too_that_were_accepted_at_that_moment()
    {
        Add(1, 1);
        var others = Add(2, 1);
        Commit();
        AddRemoval(1, null);
        Add(1, 2, eventType: "t.Two");
        Commit();

        var removal = Assert.Single(Ledger.Removals(1));
        Assert.Empty(Ledger.Removals(2));
        Assert.Null(removal.EventType);
        Assert.Equal([1, 2], Sorted(Ledger.Remove(removal, Now, 10)).Select(removed => removed.Sequence));
        Assert.Empty(Backlog.ReadPage(1, 0, 10));
        Assert.Equal([others], Backlog.ReadPage(2, 0, 10).Select(row => row.Id));
        Assert.Empty(Ledger.Removals());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Waiting_retries_return_to_their_lanes_in_batches_with_or_without_their_due_times(bool keepDue)
    {
        long[] ids = [Add(1, 1), Add(1, 2), Add(2, 1), Add(1, 3)];
        Commit();
        Record(ids[0], DeliveryState.Waiting, dueAt: Now, attempts: 2);
        Record(ids[1], DeliveryState.Waiting, dueAt: Now, attempts: 3);
        Record(ids[2], DeliveryState.Waiting, dueAt: Now, attempts: 2);

        Assert.Equal([new BacklogRow(ids[0], Conversation, 1, "t.One", 4, Now)], Ledger.ReturnWaiting(1, keepDue, 1));
        Assert.Equal([new BacklogRow(ids[1], Conversation, 2, "t.One", 4, Now)], Ledger.ReturnWaiting(1, keepDue, 2));
        var lane = Backlog.Read(ids).Where(delivery => delivery.Install == 1).OrderBy(delivery => delivery.Id).ToList();
        Assert.Equal([ids[0], ids[1], ids[3]], lane.Select(delivery => delivery.Id));
        Assert.Equal([2, 3, 0], lane.Select(delivery => delivery.Attempts));
        Assert.Equal([keepDue ? Now : null, keepDue ? Now : null, null], lane.Select(delivery => delivery.DueAt));
        Assert.Empty(Backlog.ReadPage(2, 0, 10));
    }

    [Fact]
    public void What_is_old_enough_expires_in_batches_oldest_first_and_spares_what_is_in_memory()
    {
        long[] ids = [Add(1, 1), Add(1, 2), Add(1, 3), Add(1, 4), Add(2, 1)];
        var younger = Add(1, 5, at: Now.AddSeconds(1));
        Commit();
        Record(ids[1], DeliveryState.Waiting, dueAt: Now);

        var first = Ledger.Expire(1, Now, DeadReason.Expired, new HashSet<long> { ids[2] }, Now, 2);
        Assert.Equal([ids[0], ids[3]], first.Dead.Select(dead => dead.Delivery));
        Assert.True(first.IsFull);
        var second = Ledger.Expire(1, Now, DeadReason.Expired, new HashSet<long> { ids[2] }, Now, 2);
        Assert.Equal([new RemovedDelivery(ids[1], 1, Conversation, 2, 4, WasInLane: false)], second.Dead);
        Assert.False(second.IsFull);
        Assert.Equal(Now.AddSeconds(1), second.OldestLeft);
        Assert.Equal([ids[2], younger], Backlog.ReadPage(1, 0, 10).Select(row => row.Id));
        Assert.Equal([ids[4]], Backlog.ReadPage(2, 0, 10).Select(row => row.Id));
    }

    [Fact]
    public void One_delivery_can_be_removed_while_it_is_pending()
    {
        long[] ids = [Add(1, 1), Add(1, 2), Add(1, 3)];
        Commit();
        Record(ids[2], DeliveryState.Delivered);

        Assert.False(Ledger.AddRemoval(Drop(ids[2])));
        Assert.True(Ledger.AddRemoval(Drop(ids[1])));
        Assert.Equal([Drop(ids[1])], Ledger.Removals(1));
        Assert.Equal([ids[1]], Ledger.Remove(Drop(ids[1]), Now, 10).Select(removed => removed.Delivery));
        Assert.Empty(Ledger.Removals());
        Assert.Equal([ids[0]], Backlog.ReadPage(1, 0, 10).Select(row => row.Id));

        static Removal Drop(long id) => new(1, null, id, id, DeadReason.DroppedByOperator);
    }

    [Fact]
    public void The_oldest_head_is_the_first_pending_one_of_its_conversation_and_of_an_event_type()
    {
        Add(1, 1, conversation: 5, eventType: "t.Two");
        long[] ids = [Add(1, 2, conversation: 5), Add(1, 1, conversation: 6), Add(1, 1, conversation: 7), Add(2, 1, conversation: 8)];
        Commit();

        Assert.Equal(ids[1], Head("t.One"));
        Assert.Equal(ids[2], Head("t.One", ids[1]));
        Assert.Null(Head("t.One", ids[1], ids[2]));
        Assert.Null(Head("t.Three"));
        Record(ids[1], DeliveryState.Delivered);
        Assert.Equal(ids[2], Head("t.One"));

        long? Head(string type, params long[] except) => Backlog.OldestHead(1, [type], except.ToHashSet())?.Id;
    }

    [Fact]
    public void How_an_install_stands_is_kept_until_it_is_up()
    {
        var failure = new Outcome { Kind = OutcomeKind.Refused, Duration = TimeSpan.FromMilliseconds(3) };
        var failed = Standing.Up.Failure("https://a.example/", 7, failure, Now, new RetryOptions()).RoundOver(Now, hasFailed: true, new RetryOptions());
        Stand(1, failed);
        Stand(2, failed.Without("https://a.example/").MoveOn(99, hasPending: true));

        var standings = Backlog.ReadStandings().ToDictionary(row => row.Install, row => row.Standing);
        Assert.Equal(
            (InstallState.Failed, Now, 2, Now.AddSeconds(4)),
            (standings[1].State, standings[1].FailedSince!.Value, standings[1].Step, standings[1].RoundAt!.Value));
        Assert.Equal([KeyValuePair.Create("https://a.example/", 7L)], standings[1].Failing);
        Assert.Equal((InstallState.InTransition, 99), (standings[2].State, standings[2].Watermark));
        Stand(1, Standing.Up);
        Assert.Equal([2], Backlog.ReadStandings().Select(row => row.Install));
    }

    [Fact]
    public void The_last_sequence_of_a_conversation_counts_what_is_over_too()
    {
        long[] ids = [Add(1, 1), Add(1, 2), Add(1, 8, conversation: 5)];
        Commit();
        Record(ids[1], DeliveryState.Delivered);

        Assert.Equal(
            (2, 8, 0, 0),
            (Ledger.LastSequence(1, Conversation), Ledger.LastSequence(1, 5), Ledger.LastSequence(2, Conversation), Ledger.LastSequence(1, 6)));
    }

    [Fact]
    public void The_last_id_is_the_highest_that_was_kept()
    {
        Assert.Equal(0, Ledger.LastId());
        var id = Add(1, 1);
        Commit();

        Assert.Equal(id, Ledger.LastId());
    }

    [Fact]
    public void An_answer_is_found_under_its_key_until_it_expires_and_then_forgotten()
    {
        _batch.Answers.Add(Answer("one", Now.AddHours(1)));
        _batch.Answers.Add(Answer("two", Now.AddHours(2)));
        _batch.Answers.Add(Answer("three", Now.AddHours(3)));
        Commit();

        var found = Ledger.FindAnswer(1, "one", Now)!;
        Assert.Equal([1, 2, 3], found.Key.BodyHash);
        Assert.Equal((2, 5), (found.Acceptance.Lines, found.Acceptance.Deliveries));
        Assert.Equal([new NotificationId(8), new NotificationId(9)], found.Acceptance.Ids);
        Assert.Null(Ledger.FindAnswer(2, "one", Now));
        Assert.Null(Ledger.FindAnswer(1, "one", Now.AddHours(1)));
        Assert.Equal((1, 1, 0), (Ledger.ForgetAnswers(Now.AddHours(2), 1), Ledger.ForgetAnswers(Now.AddHours(2), 1), Ledger.ForgetAnswers(Now.AddHours(2), 1)));
        Assert.NotNull(Ledger.FindAnswer(1, "three", Now));
    }

    [Fact]
    public void A_key_that_has_expired_may_be_used_again()
    {
        _batch.Answers.Add(Answer("key", Now));
        Commit();
        _batch.Answers.Add(Answer("key", Now.AddHours(1)) with { Key = new IdempotencyKey("key", [9]) });
        Commit();

        Assert.Equal([9], Ledger.FindAnswer(1, "key", Now)!.Key.BodyHash);
    }

    [Fact]
    public void What_is_over_can_be_replayed_with_all_that_it_was()
    {
        long[] ids = [Add(1, 1, body: "{1}"), Add(1, 2, eventType: "t.Two"), Add(1, 3), Add(2, 1)];
        Commit();
        Record(ids[0], DeliveryState.Delivered);
        Record(ids[1], DeliveryState.Dead, reason: DeadReason.NotRetried);
        Record(ids[3], DeliveryState.Delivered);

        var delivered = Ledger.FindReplayable(1, ids[0])!;
        Assert.Equal((1, "t.One", "talk", ids[0] - 1), (delivered.Account, delivered.EventType, delivered.Conversation, delivered.Line));
        Assert.Equal(("{1}", Ledger.EventTypeNumber("t.One")), (Encoding.UTF8.GetString(delivered.Body.Span), delivered.PublishedAs));
        Assert.Equal("t.Two", Ledger.FindReplayable(1, ids[1])!.EventType);
        Assert.Null(Ledger.FindReplayable(1, ids[2]));
        Assert.Null(Ledger.FindReplayable(1, ids[3]));
        Assert.Null(Ledger.FindReplayable(1, 4711));
    }

    [Fact]
    public void A_replayed_delivery_says_what_it_repeats()
    {
        var original = Add(1, 1);
        var replayed = Add(1, 2);
        _batch.Deliveries[1] = _batch.Deliveries[1] with { ReplayOf = original };
        Commit();

        Assert.Equal([0, original], Backlog.Read([original, replayed]).Select(delivery => delivery.ReplayOf));
    }

    [Fact]
    public void An_event_type_keeps_its_number()
    {
        var (one, two) = (Ledger.EventTypeNumber("t.One"), Ledger.EventTypeNumber("t.Two"));

        Assert.NotEqual(one, two);
        Assert.Equal((one, two), (Ledger.EventTypeNumber("t.One"), Ledger.EventTypeNumber("t.Two")));
    }

    private protected long Add(int install, long sequence, long conversation = Conversation, string eventType = "t.One", string body = "body", DateTimeOffset? at = null)
    {
        var (notification, delivery) = (++_lastId, ++_lastId);
        var bytes = Encoding.UTF8.GetBytes(body);
        var type = Ledger.EventTypeNumber(eventType);
        _batch.Notifications.Add(new NotificationRow(notification, 1, type, "talk", at ?? Now, null, bytes));
        _batch.Deliveries.Add(new DeliveryRow(delivery, install, notification, conversation, sequence, type, bytes.Length, at ?? Now));
        return delivery;
    }

    private protected void Commit()
    {
        Ledger.Commit(_batch);
        _batch.Clear();
    }

    private void Stand(int install, Standing standing)
    {
        var batch = new LedgerBatch();
        batch.Records.Standings.Add(install, standing);
        Ledger.Commit(batch);
    }

    private void Record(
        long delivery, DeliveryState state, DateTimeOffset? dueAt = null, int attempts = 1, DeadReason? reason = null, bool isAttempted = true)
    {
        var kind = state == DeliveryState.Delivered ? OutcomeKind.Delivered : OutcomeKind.Refused;
        var batch = new LedgerBatch();
        batch.Records.Outcomes.Add(new OutcomeRecord
        {
            Delivery = delivery,
            State = state,
            Attempts = attempts,
            At = Now,
            DueAt = dueAt,
            Reason = reason,
            Outcome = isAttempted ? new Outcome { Kind = kind, Duration = TimeSpan.FromMilliseconds(3) } : null,
        });
        Ledger.Commit(batch);
    }

    private static StoredAnswer Answer(string key, DateTimeOffset expiresAt) =>
        new(1, new IdempotencyKey(key, [1, 2, 3]), new Acceptance(2, 5, [new NotificationId(8), new NotificationId(9)]), expiresAt);

    private static IEnumerable<RemovedDelivery> Sorted(IEnumerable<RemovedDelivery> removed) => removed.OrderBy(one => one.Sequence);
}
