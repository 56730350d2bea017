using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Protocol.Installs;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every store of deliveries finds.</summary>
public abstract class DeliveryStoreContract
{
    private protected static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");

    private long _lastId = 1000;

    private protected abstract IDeliveryStore Store { get; }

    private protected abstract ILedgerStore Ledger { get; }

    private protected abstract IAccountStore Accounts { get; }

    private protected abstract IInstallStore Installs { get; }

    [Fact]
    public void A_pending_delivery_is_found_with_the_names_it_is_known_by()
    {
        var install = App(A, "one");
        var id = Accept(install, "talk", sequence: 3, at: Start);
        var whole = Store.Find(Number(A), id)!;
        Assert.Equal("""{"n":1}""", System.Text.Encoding.UTF8.GetString(whole.Body.Span));
        Assert.Equal(
            new ListedDelivery
            {
                Id = id,
                Notification = new NotificationId(id.Value - 1),
                Install = install.Number,
                ClientId = install.ClientId.ToString(),
                Conversation = "talk",
                ConversationKey = Key("talk"),
                EventType = "x",
                Sequence = 3,
                State = DeliveryState.InLane,
                AcceptedAt = Start,
                Attempts = 0,
            },
            whole.Delivery);
        Assert.Equal([whole.Delivery], Store.List(Number(A), new DeliveryFilter()).Items);
    }

    [Fact]
    public void A_delivery_is_found_with_its_last_outcome()
    {
        var install = App(A, "one");
        var (held, done, dead) = (Accept(install, "1"), Accept(install, "2"), Accept(install, "3"));
        Record(Failed(held, DeliveryState.InLane, attempts: 1, dueAt: Start.AddSeconds(9)));
        Record(Delivered(done));
        Record(Failed(dead, DeliveryState.Dead, attempts: 2, reason: DeadReason.RetriesExhausted));

        var first = Find(held);
        Assert.Equal((PublicState.Pending, 1, Start.AddSeconds(9), 503, "no"), (first.PublicState, first.Attempts, first.DueAt, first.LastStatus, first.LastError));
        Assert.Null(first.CompletedAt);
        var second = Find(done);
        Assert.Equal((PublicState.Delivered, 1, Start.AddSeconds(5), 200), (second.PublicState, second.Attempts, second.CompletedAt, second.LastStatus));
        Assert.Equal(TimeSpan.FromMilliseconds(7), second.LastDuration);
        var third = Find(dead);
        Assert.Equal((PublicState.Dead, "retries_exhausted", 2), (third.PublicState, third.Reason, third.Attempts));
    }

    [Fact]
    public void An_account_sees_its_own_deliveries_alone()
    {
        var (mine, others) = (Accept(App(A, "one"), "c"), Accept(App(B, "one"), "c"));
        foreach (var filter in new[] { new DeliveryFilter(), new DeliveryFilter { Conversation = "c" }, new DeliveryFilter { State = PublicState.Pending } })
        {
            Assert.Equal([mine], List(filter));
            Assert.Equal([others], List(filter, B));
        }

        Assert.Null(Store.Find(Number(A), others));
        Assert.Empty(List(new DeliveryFilter { Notification = new NotificationId(others.Value - 1) }));
    }

    [Fact]
    public void Deliveries_of_a_deleted_install_are_still_listed()
    {
        var install = App(A, "one");
        var id = Accept(install, "c");
        Assert.Equal(InstallChangeKind.Done, Installs.Change(A, install.ClientId, before => new InstallEdit(InstallChangeKind.Done, before with { Deleted = true })).Kind);
        Assert.Equal([id], List(new DeliveryFilter()));
        Assert.Equal([id], List(new DeliveryFilter { ClientId = install.ClientId }));
        Assert.NotNull(Store.Find(Number(A), id));
    }

    [Fact]
    public void A_new_account_under_an_old_id_sees_nothing_of_the_former()
    {
        var install = App(A, "one");
        var id = Accept(install, "c");
        Installs.Change(A, install.ClientId, before => new InstallEdit(InstallChangeKind.Done, before with { Deleted = true }));
        Accounts.Remove(Accounts.LoadAccounts().Single(account => account.Id == A), Start);
        Assert.Empty(List(new DeliveryFilter()));
        Assert.Null(Store.Find(Number(A), id));
    }

    [Fact]
    public void Every_filter_finds_what_it_says_newest_first()
    {
        var (one, two) = (App(A, "one", "x", "y"), App(A, "two", "x", "y"));
        var ids = new List<DeliveryId>();
        for (var i = 0; i < 8; i++)
        {
            ids.Add(Accept(i % 2 == 0 ? one : two, i < 4 ? "early" : "late", sequence: i + 1, at: Start.AddMinutes(i), eventType: i % 4 < 2 ? "x" : "y"));
        }

        Record(Delivered(ids[0]));
        Record(Delivered(ids[3]));
        Record(Failed(ids[4], DeliveryState.Dead, 1, reason: DeadReason.NotRetried));
        Record(Failed(ids[5], DeliveryState.Dead, 1, reason: DeadReason.NotRetried));
        Record(Failed(ids[6], DeliveryState.Waiting, 1, dueAt: Start.AddHours(1)));

        Finds(new DeliveryFilter(), 7, 6, 5, 4, 3, 2, 1, 0);
        Finds(new DeliveryFilter { ClientId = two.ClientId }, 7, 5, 3, 1);
        Finds(new DeliveryFilter { ClientId = Guid.NewGuid() });
        Finds(new DeliveryFilter { Conversation = "early" }, 3, 2, 1, 0);
        Finds(new DeliveryFilter { Conversation = "never" });
        Finds(new DeliveryFilter { EventType = "y" }, 7, 6, 3, 2);
        Finds(new DeliveryFilter { EventType = "z" });
        Finds(new DeliveryFilter { State = PublicState.Delivered }, 3, 0);
        Finds(new DeliveryFilter { State = PublicState.Dead }, 5, 4);
        Finds(new DeliveryFilter { State = PublicState.Pending }, 7, 6, 2, 1);
        Finds(new DeliveryFilter { State = PublicState.Pending, Conversation = "late" }, 7, 6);
        Finds(new DeliveryFilter { State = PublicState.Delivered, Conversation = "late" });
        Finds(new DeliveryFilter { Since = Start.AddMinutes(5) }, 7, 6, 5);
        Finds(new DeliveryFilter { Until = Start.AddMinutes(2) }, 1, 0);
        Finds(new DeliveryFilter { Since = Start.AddMinutes(2), Until = Start.AddMinutes(6), State = PublicState.Dead }, 5, 4);
        Finds(new DeliveryFilter { Since = Start.AddDays(1) });
        Finds(new DeliveryFilter { Notification = new NotificationId(ids[5].Value - 1) }, 5);
        Finds(new DeliveryFilter { Notification = new NotificationId(ids[5].Value) });
        Finds(new DeliveryFilter { ClientId = one.ClientId, Conversation = "late", EventType = "y", State = PublicState.Pending }, 6);

        void Finds(DeliveryFilter filter, params int[] expected) => Assert.Equal(expected.Select(i => ids[i]), List(filter));
    }

    [Fact]
    public void Pages_follow_one_another_without_a_gap_or_a_repeat()
    {
        var installs = new[] { App(A, "one"), App(A, "two"), App(A, "three") };
        var ids = new List<DeliveryId>();
        for (var i = 0; i < 23; i++)
        {
            ids.Insert(0, Accept(installs[i * i % 3], "c", sequence: i + 1));
        }

        foreach (var filter in new[] { new DeliveryFilter { Limit = 4 }, new DeliveryFilter { Limit = 4, Conversation = "c" }, new DeliveryFilter { Limit = 4, State = PublicState.Pending } })
        {
            var seen = new List<DeliveryId>();
            for (var page = Store.List(Number(A), filter); ; page = Store.List(Number(A), filter with { Before = page.Next }))
            {
                seen.AddRange(page.Items.Select(item => item.Id));
                Assert.Equal(seen.Count < ids.Count, page.HasMore);
                if (!page.HasMore)
                {
                    break;
                }
            }

            Assert.Equal(ids, seen);
        }
    }

    [Fact]
    public void A_split_line_is_found_whole_by_the_id_the_publisher_was_given()
    {
        var install = App(A, "one");
        Accept(install, "before");
        var line = ++_lastId;
        var parts = new[] { Deliver(install, line, null, "1"), Deliver(install, ++_lastId, line, "2") };
        Accept(install, "after");
        var found = Store.List(Number(A), new DeliveryFilter { Notification = new NotificationId(line) }).Items;
        Assert.Equal(parts.Reverse(), found.Select(delivery => delivery.Id));
        Assert.All(found, delivery => Assert.Equal(line, delivery.Notification.Value));
    }

    [Fact]
    public void A_split_line_whose_first_part_nobody_wanted_is_found_all_the_same()
    {
        var install = App(A, "one");
        var line = ++_lastId;
        var part = Deliver(install, ++_lastId, line, "2");
        Assert.Equal([part], List(new DeliveryFilter { Notification = new NotificationId(line) }));
    }

    [Fact]
    public void The_first_pending_delivery_of_a_lane_is_found_from_a_sequence_on()
    {
        var install = App(A, "one");
        var ids = Enumerable.Range(1, 4).Select(sequence => Accept(install, "c", sequence)).ToList();
        Record(Delivered(ids[0]));
        Record(Failed(ids[1], DeliveryState.Waiting, 1, dueAt: Start.AddHours(1)));
        Assert.Equal(ids[2], Store.FirstPending(install.Number, Key("c"), 1));
        Assert.Equal(ids[3], Store.FirstPending(install.Number, Key("c"), 4));
        Assert.Null(Store.FirstPending(install.Number, Key("c"), 5));
        Assert.Null(Store.FirstPending(install.Number, Key("d"), 1));
    }

    private protected Install App(AccountId account, string name, params string[] eventTypes)
    {
        Accounts.Ensure(account, Start);
        var webhooks = string.Join(',', eventTypes.DefaultIfEmpty("x").Select(type => $"\"{type}\":{{\"endpoint\":\"https://app.test/{type}\"}}"));
        var json = $"{{\"client_name\":\"{name}\",\"capabilities\":{{\"webhooks\":{{{webhooks}}}}}}}";
        return Installs.Create(new Install
        {
            Number = 0,
            Account = account,
            ClientId = Guid.NewGuid(),
            Manifest = ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(json)).Manifest!,
            Secrets = new ClientSecrets(new Secret("s")),
            Revision = 1,
            IssuedAt = Start,
            Enabled = true,
        }).After!;
    }

    private protected DeliveryId Accept(Install install, string conversation, long sequence = 1, DateTimeOffset? at = null, string eventType = "x") =>
        Deliver(install, ++_lastId, null, conversation, sequence, at, eventType);

    private protected int Number(AccountId account) => Accounts.Ensure(account, Start).Number;

    private protected void Record(OutcomeRecord record)
    {
        var batch = new LedgerBatch();
        batch.Records.Outcomes.Add(record);
        Ledger.Commit(batch);
    }

    private protected static OutcomeRecord Delivered(DeliveryId id) => new()
    {
        Delivery = id.Value,
        State = DeliveryState.Delivered,
        Attempts = 1,
        At = Start.AddSeconds(5),
        Outcome = new Outcome { Kind = OutcomeKind.Delivered, Status = 200, Duration = TimeSpan.FromMilliseconds(7) },
    };

    private protected static OutcomeRecord Dead(DeliveryId id) => Failed(id, DeliveryState.Dead, attempts: 1, reason: DeadReason.NotRetried);

    private protected long NextId() => ++_lastId;

    private DeliveryId Deliver(
        Install install, long notification, long? line, string conversation, long sequence = 1, DateTimeOffset? at = null, string eventType = "x")
    {
        var (id, accepted, type) = (++_lastId, at ?? Start, Ledger.EventTypeNumber(eventType));
        var batch = new LedgerBatch();
        batch.Notifications.Add(new NotificationRow(notification, Number(install.Account), type, conversation, accepted, line, """{"n":1}"""u8.ToArray()));
        batch.Deliveries.Add(new DeliveryRow(id, install.Number, notification, Key(conversation), sequence, type, 7, accepted));
        Ledger.Commit(batch);
        return new DeliveryId(id);
    }

    private static OutcomeRecord Failed(DeliveryId id, DeliveryState state, int attempts, DateTimeOffset? dueAt = null, DeadReason? reason = null) => new()
    {
        Delivery = id.Value,
        State = state,
        Attempts = attempts,
        At = Start.AddSeconds(5),
        DueAt = dueAt,
        Reason = reason,
        Outcome = new Outcome { Kind = OutcomeKind.Status, Status = 503, Error = "no", Duration = TimeSpan.FromMilliseconds(7) },
    };

    private long Key(string conversation) => ConversationKey.Of(Ledger.ConversationSeed, conversation);

    private ListedDelivery Find(DeliveryId id) => Store.Find(Number(A), id)!.Delivery;

    private protected IEnumerable<DeliveryId> List(DeliveryFilter filter, AccountId? account = null) =>
        Store.List(Number(account ?? A), filter).Items.Select(delivery => delivery.Id);
}
