using System.Text;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Mailrooms;

public sealed class IntakeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private readonly InstallDirectory _installs = new([]);
    private readonly SimulatedStore _store = new();
    private readonly LedgerBatch _batch = new();
    private readonly List<AcceptedDelivery> _accepted = [];
    private readonly Intake _intake;

    public IntakeTests()
    {
        Put(Installs.Of(1, "t.One", "t.Two"));
        Put(Installs.Of(2, "t.One"));
        _intake = new Intake(_store, _installs, new AccountDirectory([new Account(Installs.Account, 9, Now)]));
    }

    [Fact]
    public void An_event_is_owed_to_each_install_that_subscribes_to_its_type_and_its_bytes_are_kept_once()
    {
        var acceptance = Admit(Line(0, "t.One", "a"));

        Assert.Equal((1, 2), (acceptance.Lines, acceptance.Deliveries));
        Assert.Equal([1, 2], _batch.Deliveries.Select(row => row.Install));
        Assert.Equal("t.One/a", Encoding.UTF8.GetString(Assert.Single(_batch.Notifications).Body.Span));
        Assert.All(_batch.Deliveries, row => Assert.Equal(acceptance.Ids[0].Value, row.Notification));
    }

    [Fact]
    public void An_event_that_nobody_subscribes_to_gets_an_id_and_is_not_kept()
    {
        var acceptance = Admit(Line(0, "t.Unknown", "a"));

        Assert.Equal(0, acceptance.Deliveries);
        Assert.NotEqual(0, Assert.Single(acceptance.Ids).Value);
        Assert.True(_batch.IsEmpty);
    }

    [Fact]
    public void A_line_that_was_split_has_one_id_that_all_its_parts_name()
    {
        var acceptance = Admit(Line(0, "t.Two", "a"), Line(0, "t.Two", "b"), Line(1, "t.Two", "a"));

        Assert.Equal(2, acceptance.Ids.Count);
        Assert.Equal([null, acceptance.Ids[0].Value, null], _batch.Notifications.Select(row => row.Line));
        Assert.Equal([1, 1, 2], _batch.Deliveries.Select(row => row.Sequence));
    }

    [Fact]
    public void A_split_line_whose_first_part_nobody_wants_still_leads_to_its_other_parts()
    {
        var acceptance = Admit(Line(0, "t.Unknown", "a"), Line(0, "t.Two", "b"));

        Assert.Equal(acceptance.Ids[0].Value, Assert.Single(_batch.Notifications).Line);
    }

    [Fact]
    public void Ids_rise_in_the_order_of_acceptance_and_start_at_the_present_time()
    {
        _intake.StartIdsAt(Now);
        var acceptance = Admit(Line(0, "t.One", "a"), Line(1, "t.Two", "a"));

        Assert.Equal(_accepted.Select(one => one.Delivery.Id).Order(), _accepted.Select(one => one.Delivery.Id));
        Assert.Equal(_accepted.Count, _accepted.DistinctBy(one => one.Delivery.Id).Count());
        Assert.Equal(Now.ToUnixTimeMilliseconds(), acceptance.Ids[0].Value >> 20);
    }

    [Fact]
    public void A_test_event_goes_to_its_webhook_alone_and_nowhere_once_the_install_is_deleted()
    {
        var target = new TestTarget(Installs.Of(2, "t.One"), "t.One");

        Assert.Equal(1, Admit(target, Line(0, "sealpost.Test", "a")).Deliveries);
        Assert.Equal((2, "t.One"), (_accepted[0].Install.Number, _accepted[0].Delivery.EventType));
        Put(Installs.Of(2, "t.One") with { Deleted = true });
        Assert.Equal(0, Admit(target, Line(0, "sealpost.Test", "a")).Deliveries);
    }

    [Fact]
    public void A_replay_takes_the_tail_of_its_lane_with_the_bytes_and_the_publishers_id_of_the_original()
    {
        var published = Admit(Line(0, "t.One", "a"), Line(1, "t.One", "a"));
        var originals = End(install: 1);
        var later = Now.AddHours(1);

        var acceptance = _intake.Admit(new ReplayWish(1, originals) { Job = 7 }, later, _batch, _accepted);

        Assert.Equal((2, 2), (acceptance.Deliveries, acceptance.Replayed.Count));
        Assert.Equal(acceptance.Replayed, _batch.Deliveries.Select(row => new DeliveryId(row.Id)));
        Assert.Equal(originals, _batch.Deliveries.Select(row => new DeliveryId(row.ReplayOf!.Value)));
        Assert.Equal([3, 4], _batch.Deliveries.Select(row => row.Sequence));
        Assert.All(_batch.Deliveries, row => Assert.Equal((1, later), (row.Install, row.AcceptedAt)));
        Assert.Equal(published.Ids.Select(id => id.Value), _batch.Notifications.Select(row => row.Line!.Value));
        Assert.Equal("t.One/a", Encoding.UTF8.GetString(_batch.Notifications[0].Body.Span));
        Assert.Equal(_batch.Notifications.Select(row => row.Id), _batch.Deliveries.Select(row => row.Notification));
        Assert.Equal(new ReplayProgress(7, originals[1].Value, 2, 0), Assert.Single(_batch.Replays));
    }

    [Fact]
    public void What_is_pending_or_unknown_or_has_no_webhook_any_more_is_not_replayed_and_counts_as_skipped()
    {
        Admit(Line(0, "t.Two", "a"), Line(1, "t.One", "a"));
        var (two, one) = (End(install: 1), End(install: 2, isOver: false));
        Put(Installs.Of(1, "t.One"));

        var ofOne = _intake.Admit(new ReplayWish(1, [.. two, new DeliveryId(4711)]) { Job = 7 }, Now, _batch, _accepted);
        Assert.Single(ofOne.Replayed);
        Assert.Equal(2, Assert.Single(_batch.Replays).Skipped);
        Assert.Empty(_intake.Admit(new ReplayWish(2, one), Now, _batch, _accepted).Replayed);
        Put(Installs.Of(1, "t.One") with { Deleted = true });
        Assert.Empty(_intake.Admit(new ReplayWish(1, two), Now, _batch, _accepted).Replayed);
        Assert.Single(_batch.Deliveries);
    }

    // Commits what was admitted, once, and lets the deliveries of an install be over.
    private List<DeliveryId> End(int install, bool isOver = true)
    {
        if (!_batch.IsEmpty)
        {
            _store.Commit(_batch);
            _batch.Clear();
        }

        var rows = _store.Rows.Values.Where(row => row.Row.Install == install).OrderBy(row => row.Row.Id).ToList();
        rows.ForEach(row => row.State = isOver ? DeliveryState.Delivered : row.State);
        return [.. rows.Select(row => new DeliveryId(row.Row.Id))];
    }

    private void Put(Install install) => _installs.Put(install, accountRevision: 1);

    private static SubmittedNotification Line(int line, string eventType, string conversation) =>
        new(line, new NotificationPart(eventType, conversation, Encoding.UTF8.GetBytes($"{eventType}/{conversation}")));

    private Acceptance Admit(params SubmittedNotification[] notifications) => Admit(null, notifications);

    private Acceptance Admit(TestTarget? target, params SubmittedNotification[] notifications)
    {
        var submission = new Submission(Installs.Account) { Lines = notifications[^1].Line + 1, Target = target };
        submission.Notifications.AddRange(notifications);
        return _intake.Admit(submission, Now, _batch, _accepted);
    }
}
