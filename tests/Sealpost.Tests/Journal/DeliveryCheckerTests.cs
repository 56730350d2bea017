using Sealpost.Testing.Journal;
using static Sealpost.Testing.Journal.PublishOutcome;
using static Sealpost.Tests.Journal.HistoryScript;

namespace Sealpost.Tests.Journal;

public sealed class DeliveryCheckerTests
{
    [Fact]
    public void A_clean_history_passes() => Assert.Empty(new HistoryScript(Strict)
        .Publish(Ok, 1, 2).Publish(Ok, 3).Publish(Failed, 4).Publish(Unknown, 5, 6).Publish(Unknown, 7)
        .Receive(1).Receive(2).Receive(3, status: 500).Receive(3).Receive(5).Receive(6)
        .Found());

    [Fact]
    public void An_accepted_event_that_never_arrived_is_found() => Assert.Equal(
        [ViolationKind.Lost],
        new HistoryScript(Strict).Publish(Ok, 1, 2).Receive(1).Found());

    [Fact]
    public void An_accepted_event_that_arrived_but_never_succeeded_is_found() => Assert.Equal(
        [ViolationKind.Lost],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1, status: 204).Receive(1, status: 500).Found());

    [Fact]
    public void An_event_that_reached_only_one_of_two_installs_is_found() => Assert.Equal(
        [ViolationKind.Lost],
        new HistoryScript(Strict, ByNumbers).Publish(Ok, 1).Receive(1).Found());

    [Fact]
    public void Lines_in_swapped_order_are_found() => Assert.Equal(
        [ViolationKind.OutOfOrder],
        new HistoryScript(Strict).Publish(Ok, 1, 2)
            .Receive(2, a => a with { Sequence = 1 }).Receive(1, a => a with { Sequence = 2 }).Found());

    [Fact]
    public void Requests_in_swapped_order_are_found() => Assert.Equal(
        [ViolationKind.OutOfOrder],
        new HistoryScript(Strict).Publish(Ok, 1).Publish(Ok, 2)
            .Receive(2, a => a with { Sequence = 1 }).Receive(1, a => a with { Sequence = 2 }).Found());

    [Fact]
    public void Requests_that_overlapped_may_come_in_either_order() => Assert.Empty(
        new HistoryScript(Strict).Publish(Ok, 1).Publish(Ok, 2).Change(r => r with { StartedAt = TimeSpan.Zero })
            .Receive(2, a => a with { Sequence = 1 }).Receive(1, a => a with { Sequence = 2 }).Found());

    [Fact]
    public void A_delivery_that_overtakes_a_failing_one_is_found() => Assert.Equal(
        [ViolationKind.Overtaken],
        new HistoryScript(Strict).Publish(Ok, 1, 2).Receive(1, status: 500).Receive(2).Receive(1).Found());

    [Fact]
    public void By_numbers_a_delivery_may_pass_a_failed_one() => Assert.Empty(
        new HistoryScript(ByNumbers).Publish(Ok, 1, 2)
            .Receive(1, "numbers", 500).Receive(2, "numbers").Receive(1, "numbers").Found());

    [Fact]
    public void By_numbers_first_attempts_out_of_order_are_found() => Assert.Equal(
        [ViolationKind.Overtaken],
        new HistoryScript(ByNumbers).Publish(Ok, 1, 2).Receive(2, "numbers").Receive(1, "numbers").Found());

    [Fact]
    public void By_numbers_an_event_may_be_given_up_after_its_retries_but_not_before()
    {
        Assert.Empty(new HistoryScript(ByNumbers).Publish(Ok, 1)
            .Receive(1, "numbers", 500).Receive(1, "numbers", 500).Found());
        Assert.Equal(
            [ViolationKind.Lost],
            new HistoryScript(ByNumbers).Publish(Ok, 1).Receive(1, "numbers", 500).Found());
    }

    [Fact]
    public void A_repeat_without_a_crash_is_found() => Assert.Equal(
        [ViolationKind.Repeated],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1).Receive(1).Found());

    [Fact]
    public void A_repeat_of_what_was_in_flight_at_a_crash_passes() => Assert.Empty(
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1).Kill().Wait(TimeSpan.FromSeconds(5)).Receive(1).Found());

    [Fact]
    public void A_repeat_of_what_succeeded_long_before_the_crash_is_found() => Assert.Equal(
        [ViolationKind.Repeated],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1).Wait(TimeSpan.FromSeconds(5)).Kill().Receive(1).Found());

    [Fact]
    public void A_repeat_before_the_crash_is_found() => Assert.Equal(
        [ViolationKind.Repeated],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1).Receive(1).Kill().Found());

    [Fact]
    public void An_unanswered_request_that_came_in_part_is_found() => Assert.Equal(
        [ViolationKind.Partial],
        new HistoryScript(Strict).Publish(Unknown, 1, 2).Receive(1).Found());

    [Fact]
    public void An_unanswered_request_that_came_to_one_of_two_installs_is_found() => Assert.Equal(
        [ViolationKind.Partial],
        new HistoryScript(Strict, ByNumbers).Publish(Unknown, 1).Receive(1).Found());

    [Fact]
    public void A_refused_event_that_arrived_is_found() => Assert.Equal(
        [ViolationKind.RefusedYetDelivered],
        new HistoryScript(Strict).Publish(Failed, 1).Receive(1).Found());

    [Fact]
    public void An_event_that_was_accepted_twice_is_found() => Assert.Equal(
        [ViolationKind.AcceptedTwice],
        new HistoryScript(Strict).Publish(Ok, 1)
            .Receive(1).Receive(1, a => a with { DeliveryId = "d2", Sequence = 2 }).Found());

    [Fact]
    public void Different_ids_for_the_same_key_are_found() => Assert.Equal(
        [ViolationKind.AnswersDiffer],
        new HistoryScript(Strict).Publish(Ok, 1).Change(r => r with { AnswersDiffer = true }).Receive(1).Found());

    [Fact]
    public void A_bad_signature_is_found() => Assert.Equal(
        [ViolationKind.BadSignature],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1, a => a with { SignatureValid = false }).Found());

    [Fact]
    public void Bytes_other_than_the_published_ones_are_found() => Assert.Equal(
        [ViolationKind.ChangedBytes],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1, a => a with { Digest = 99 }).Found());

    [Fact]
    public void A_sequence_that_changes_between_attempts_is_found() => Assert.Equal(
        [ViolationKind.ChangedIdentity],
        new HistoryScript(Strict).Publish(Ok, 1)
            .Receive(1, status: 500).Receive(1, a => a with { Sequence = 7 }).Found());

    [Fact]
    public void Two_deliveries_with_one_sequence_are_found() => Assert.Equal(
        [ViolationKind.ChangedIdentity],
        new HistoryScript(Strict).Publish(Ok, 1, 2).Receive(1).Receive(2, a => a with { Sequence = 1 }).Found());

    [Fact]
    public void An_attempt_of_an_event_that_nobody_published_is_found() => Assert.Equal(
        [ViolationKind.Stranger],
        new HistoryScript(Strict).Receive(1).Found());

    [Fact]
    public void An_attempt_without_a_delivery_id_is_found() => Assert.Equal(
        [ViolationKind.Stranger],
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1, a => a with { DeliveryId = "" }).Found());

    [Fact]
    public void An_attempt_for_an_unknown_install_is_found() => Assert.Contains(
        ViolationKind.Stranger,
        new HistoryScript(Strict).Publish(Ok, 1).Receive(1).Receive(1, "other").Found());
}
