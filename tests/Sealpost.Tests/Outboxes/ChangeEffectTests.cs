using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Tests.Outboxes;

public sealed class ChangeEffectTests
{
    private static readonly Install Numbers = Mailrooms.Installs.Of(1, "t.One");
    private static readonly Install ToLive = Mailrooms.Installs.LivingFor(Numbers, TimeSpan.FromHours(1));

    [Fact]
    public void A_new_endpoint_or_retention_time_neither_pauses_nor_reopens()
    {
        Assert.Equal(default, ChangeEffect.Between(Numbers, Numbers));
        Assert.Equal(default, ChangeEffect.Between(ToLive, Mailrooms.Installs.LivingFor(ToLive, TimeSpan.FromDays(3))));
    }

    [Fact]
    public void A_disabled_install_pauses_until_it_is_enabled() =>
        Assert.Equal(new ChangeEffect(MustPause: true, MustReopen: false, IsEnabling: false, ForgetsAttempts: false), ChangeEffect.Between(Numbers, Disabled(Numbers)));

    [Fact]
    public void By_numbers_an_enabled_install_reopens_with_what_waited_in_its_place() => Assert.Equal(
        new ChangeEffect(MustPause: false, MustReopen: true, IsEnabling: true, ForgetsAttempts: false), ChangeEffect.Between(Disabled(Numbers), Numbers));

    [Fact]
    public void By_time_to_live_nothing_waits_beside_its_lane_when_an_install_is_enabled() => Assert.Equal(
        new ChangeEffect(MustPause: false, MustReopen: false, IsEnabling: true, ForgetsAttempts: false), ChangeEffect.Between(Disabled(ToLive), ToLive));

    [Fact]
    public void From_time_to_live_to_numbers_everything_starts_without_an_attempt() => Assert.Equal(
        new ChangeEffect(MustPause: false, MustReopen: false, IsEnabling: false, ForgetsAttempts: true), ChangeEffect.Between(ToLive, Numbers));

    [Fact]
    public void From_numbers_to_time_to_live_waiting_retries_return_to_their_lanes() => Assert.Equal(
        new ChangeEffect(MustPause: true, MustReopen: true, IsEnabling: false, ForgetsAttempts: false, EndsNumbers: true), ChangeEffect.Between(Numbers, ToLive));

    [Fact]
    public void A_change_of_policy_while_disabled_is_carried_through_at_once() => Assert.Equal(
        new ChangeEffect(MustPause: true, MustReopen: true, IsEnabling: false, ForgetsAttempts: false, EndsNumbers: true),
        ChangeEffect.Between(Disabled(Numbers), Disabled(ToLive)));

    [Fact]
    public void A_deleted_install_pauses_for_good() =>
        Assert.Equal(new ChangeEffect(MustPause: true, MustReopen: false, IsEnabling: false, ForgetsAttempts: false), ChangeEffect.Between(Numbers, Numbers with { Deleted = true }));

    private static Install Disabled(Install install) => install with { Enabled = false };
}
