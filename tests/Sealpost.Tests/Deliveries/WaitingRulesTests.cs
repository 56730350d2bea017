using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Tests.Installs;

namespace Sealpost.Tests.Deliveries;

public sealed class WaitingRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(DeliveryState.Delivered)]
    [InlineData(DeliveryState.Dead)]
    public void What_is_done_waits_for_nothing(DeliveryState state) => Assert.Null(Why(PlaceKind.Elsewhere, Pending with { State = state }));

    [Fact]
    public void An_attempt_under_way_is_told_even_of_a_disabled_install() =>
        Assert.Equal("in_flight", Why(new Place(PlaceKind.InFlight), install: Disabled)!.Code);

    [Fact]
    public void A_deleted_install_is_told()
    {
        var waiting = WaitingRules.Why(Pending, null, new Place(PlaceKind.Elsewhere), null, Now)!;
        Assert.Equal("install_deleted", waiting.Code);
    }

    [Fact]
    public void A_removed_webhook_is_told_by_its_event_type()
    {
        var waiting = Why(PlaceKind.Stored, Pending with { EventType = "other.Type" })!;
        Assert.Equal("webhook_removed", waiting.Code);
        Assert.Contains("other.Type", waiting.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disabled_install_is_told_with_its_reason()
    {
        var waiting = Why(new Place(PlaceKind.Paused), install: Disabled)!;
        Assert.Equal("install_disabled", waiting.Code);
        Assert.Contains("operator", waiting.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_install_names_what_stands_in_the_way_and_the_next_round()
    {
        var failure = new Outcome { Kind = OutcomeKind.Refused, Duration = TimeSpan.Zero };
        var standing = Standing.Up.Failure("https://a.example/", 7, failure, Now, new RetryOptions());
        var waiting = Why(new Place(PlaceKind.Failed) { Standing = standing })!;
        Assert.Equal("install_failed", waiting.Code);
        Assert.Equal(
            "Its app install failed at 2026-11-24T08:00:00.000Z: https://a.example/ gave no 200 or 201 to dlv_0000000000007. "
            + "Everything is stored, and the next round of attempts is at 2026-11-24T08:00:02.000Z.",
            waiting.Sentence);
    }

    [Fact]
    public void A_retry_beside_its_lane_names_the_due_time_of_its_row()
    {
        var waiting = Why(PlaceKind.Elsewhere, Pending with { State = DeliveryState.Waiting, DueAt = Now.AddSeconds(30) })!;
        Assert.Equal("retry_due", waiting.Code);
        Assert.Contains("08:00:30.000Z", waiting.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retry_that_is_due_is_about_to_be_read_back() =>
        Assert.Equal("stored", Why(PlaceKind.Elsewhere, Pending with { State = DeliveryState.Waiting, DueAt = Now })!.Code);

    [Fact]
    public void A_ready_one_names_an_origin_that_bears_no_more()
    {
        var waiting = Why(new Place(PlaceKind.Ready) { FullOrigin = "https://busy.test", OriginLimit = 2 })!;
        Assert.Equal("origin_limit", waiting.Code);
        Assert.Contains("https://busy.test has 2 attempts", waiting.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ready_one_waits_for_its_turn() => Assert.Equal("ready", Why(PlaceKind.Ready)!.Code);

    [Fact]
    public void Nothing_is_sent_while_sending_is_suspended() =>
        Assert.Equal("suspended", Why(new Place(PlaceKind.Ready) { IsSuspended = true })!.Code);

    [Fact]
    public void One_behind_another_names_it()
    {
        var first = new DeliveryId(41);
        var waiting = WaitingRules.Why(Pending, Active, new Place(PlaceKind.Behind) { Ahead = 41 }, first, Now)!;
        Assert.Equal(("behind", $"It waits for {first}, which comes before it in its conversation."), (waiting.Code, waiting.Sentence));
    }

    [Fact]
    public void One_behind_another_that_has_just_gone_names_none() =>
        Assert.Equal("It waits for an earlier delivery of its conversation.", Why(PlaceKind.Behind)!.Sentence);

    [Theory]
    [InlineData(nameof(PlaceKind.Stored), "stored")]
    [InlineData(nameof(PlaceKind.Paused), "resuming")]
    [InlineData(nameof(PlaceKind.Elsewhere), "settling")]
    public void Every_other_place_has_its_code(string place, string code) => Assert.Equal(code, Why(Enum.Parse<PlaceKind>(place))!.Code);

    private static ListedDelivery Pending { get; } = new()
    {
        Id = new DeliveryId(42),
        Notification = new NotificationId(40),
        Install = 1,
        ClientId = "",
        Conversation = "c",
        ConversationKey = 5,
        EventType = "a.Type",
        Sequence = 2,
        State = DeliveryState.InLane,
        AcceptedAt = Now.AddMinutes(-1),
        Attempts = 0,
    };

    private static Install Active { get; } = Installed.App(1, "acme", "a.Type");

    private static Install Disabled { get; } = Active with { Enabled = false, DisabledReason = DisabledReasons.Operator };

    private static Waiting? Why(PlaceKind place, ListedDelivery? delivery = null) =>
        WaitingRules.Why(delivery ?? Pending, Active, new Place(place), null, Now);

    private static Waiting? Why(Place place, Install? install = null) => WaitingRules.Why(Pending, install ?? Active, place, null, Now);
}
