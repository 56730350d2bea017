using System.Text;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Mailrooms;

public sealed class IntakeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private readonly InstallDirectory _installs = new([]);
    private readonly LedgerBatch _batch = new();
    private readonly List<AcceptedDelivery> _accepted = [];
    private readonly Intake _intake;

    public IntakeTests()
    {
        Put(Installs.Of(1, "t.One", "t.Two"));
        Put(Installs.Of(2, "t.One"));
        _intake = new Intake(new SimulatedStore(), _installs, new AccountDirectory([new Account(Installs.Account, 9, Now)]));
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
