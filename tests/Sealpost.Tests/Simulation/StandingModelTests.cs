using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>What the oracle makes of a failing install, with observations written by hand.</summary>
public sealed class StandingModelTests
{
    private const double Moment = 0.0000001;

    private readonly StandingScene _scene = new();

    [Fact]
    public void Rounds_come_2_4_8_and_at_last_300_seconds_after_the_end_of_the_one_before()
    {
        var owed = _scene.Accept("t.One", 1);
        Attempt(owed);
        foreach (var wait in new[] { 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 })
        {
            _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(wait));
            _scene.Pass(wait);
            Attempt(owed);
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(8, 300)]
    public void A_probe_a_moment_too_early_is_found(int failedRounds, int wait)
    {
        var owed = _scene.Accept("t.One", 1);
        Attempt(owed);
        for (var round = 1; round <= failedRounds; round++)
        {
            _scene.Pass(1 << round);
            Attempt(owed);
        }

        _scene.Pass(wait - Moment);
        Finds("before the round", () => _scene.Start(owed));
    }

    [Fact]
    public void A_round_that_is_overdue_is_found()
    {
        var owed = _scene.Accept("t.One", 1);
        Attempt(owed);
        _scene.Pass(2);
        Finds("a round is overdue", _scene.Rest);
    }

    [Fact]
    public void A_second_attempt_to_an_endpoint_under_probe_is_found()
    {
        var (first, second) = (_scene.Accept("t.One", 1), _scene.Accept("t.One", 2));
        Attempt(first);
        _scene.Pass(2);
        _scene.Start(first);
        Finds("not to be probed", () => _scene.Start(second));
    }

    [Fact]
    public void An_attempt_to_an_endpoint_that_has_not_failed_is_found_while_the_install_is_failing()
    {
        var (failing, other) = (_scene.Accept("t.One", 1), _scene.Accept("t.Two", 2));
        Attempt(failing);
        _scene.Pass(2);
        Finds("not to be probed", () => _scene.Start(other));
    }

    [Fact]
    public void A_probe_of_a_younger_head_is_found()
    {
        var (first, second) = (_scene.Accept("t.One", 1), _scene.Accept("t.One", 2));
        Attempt(first);
        _scene.Pass(2);
        Finds("is older", () => _scene.Start(second));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(1, 2)]
    [InlineData(900, 300)]
    public void What_an_endpoint_asks_for_delays_its_round_by_five_minutes_at_most(int retryAfter, int wait)
    {
        var owed = _scene.Accept("t.One", 1);
        _scene.Start(owed);
        _scene.Fail(owed, retryAfter: retryAfter);
        _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(wait));
    }

    [Fact]
    public void What_fails_in_flight_is_probed_in_the_next_round_and_takes_no_step()
    {
        var (one, two) = (_scene.Accept("t.One", 1), _scene.Accept("t.Two", 2));
        _scene.Start(one);
        _scene.Start(two);
        _scene.Fail(one);
        var due = _scene.Now + TimeSpan.FromSeconds(2);
        _scene.Fail(two, after: 1);
        _scene.Says("failed", due);
        _scene.Pass(1);
        _scene.Start(one);
        _scene.Start(two);
        _scene.Fail(one);
        _scene.Fail(two, after: 3);
        _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void What_fails_beside_a_round_is_not_probed_in_it()
    {
        FailBesideARound(out _, out var beside);
        Finds("not to be probed", () => _scene.Start(beside));
    }

    [Fact]
    public void A_round_beside_which_alone_something_failed_takes_no_step()
    {
        FailBesideARound(out var probe, out _);
        _scene.Succeed(probe);
        _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_failure_of_what_has_lost_its_webhook_may_leave_the_install_as_it_is()
    {
        var owed = _scene.Accept("t.One", 1);
        _scene.Start(owed);
        owed.Remove();
        _scene.Fail(owed);
        owed.Die();
        _scene.Says("up");
    }

    [Fact]
    public void A_round_waits_for_the_head_that_is_in_flight()
    {
        var (one, two) = (_scene.Accept("t.One", 1), _scene.Accept("t.Once", 2));
        _scene.Start(one);
        _scene.Start(two);
        _scene.Fail(one);
        _scene.Pass(1);
        _scene.Change(install => install);
        _scene.Start(one);
        _scene.Change(install => install);
        _scene.Says("failed");
        _scene.Succeed(one);
        _scene.Says("failed");
        _scene.Succeed(two);
        _scene.Says("up");
    }

    [Fact]
    public void A_round_may_wait_as_a_whole()
    {
        var (one, two) = (_scene.Accept("t.One", 1), _scene.Accept("t.Two", 2));
        _scene.Start(one);
        _scene.Start(two);
        _scene.Fail(one);
        _scene.Fail(two);
        _scene.Pass(2);
        _scene.Start(one);
        Finds("a round is overdue", _scene.Rest);
        _scene.Start(two);
        _scene.Fail(two);
        _scene.Change(install => install);
        _scene.Rest();
        _scene.Fail(one);
        Finds("a round is overdue", _scene.Rest);
    }

    [Fact]
    public void A_recovering_install_is_in_transition_then_recovered_then_up()
    {
        var (first, stored) = (_scene.Accept("t.One", 1), _scene.Accept("t.One", 2));
        Attempt(first);
        _scene.Pass(2);
        _scene.Start(first);
        _scene.Succeed(first);
        var later = _scene.Accept("t.One", 3);
        _scene.Start(stored);
        _scene.Start(later);
        _scene.Says("in_transition");
        _scene.Succeed(stored);
        _scene.Says("recovered");
        _scene.Succeed(later);
        _scene.Says("up");
    }

    [Fact]
    public void A_failure_while_it_recovers_starts_again_at_two_seconds()
    {
        var (first, stored) = (_scene.Accept("t.One", 1), _scene.Accept("t.One", 2));
        Attempt(first);
        _scene.Pass(2);
        Attempt(first);
        _scene.Pass(4);
        _scene.Start(first);
        _scene.Succeed(first);
        Attempt(stored);
        _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_endpoint_without_a_head_leaves_untested()
    {
        var (one, two) = (_scene.Accept("t.One", 1), _scene.Accept("t.Two", 2));
        Attempt(one);
        _scene.Change(install => install with
        {
            Manifest = install.Manifest with { Webhooks = install.Manifest.Webhooks.Where(webhook => webhook.Key == "t.Two").ToDictionary() },
        });
        one.Die();
        _scene.Start(two);
        _scene.Says("in_transition");
    }

    [Fact]
    public void A_change_makes_the_round_due_and_starts_the_waits_over()
    {
        var owed = _scene.Accept("t.One", 1);
        Attempt(owed);
        _scene.Pass(2);
        Attempt(owed);
        _scene.Change(install => install);
        Attempt(owed);
        _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_install_that_is_enabled_with_stored_events_has_failed_and_tries_at_once()
    {
        _scene.Change(install => install with { Enabled = false });
        var (first, second) = (_scene.Accept("t.One", 1), _scene.Accept("t.One", 2));
        _scene.Change(install => install with { Enabled = true });
        _scene.Start(first);
        _scene.Says("failed");
        Finds("not to be probed", () => _scene.Start(second));
    }

    [Fact]
    public void What_is_not_retried_fails_no_install()
    {
        Attempt(_scene.Accept("t.Once", 1));
        _scene.Says("up");
    }

    [Fact]
    public void After_a_crash_the_state_is_what_was_kept()
    {
        var owed = _scene.Accept("t.One", 1);
        Attempt(owed);
        owed.Row.Attempts = 1;
        owed.Record(_scene.Now);
        _scene.Keep();
        var due = _scene.Now + TimeSpan.FromSeconds(2);
        _scene.Pass(1);
        _scene.Crash();
        _scene.Says("failed", due);
        _scene.Pass(1);
        Attempt(owed);
        _scene.Crash();
        Attempt(owed);
        _scene.Says("failed", _scene.Now + TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_delivery_that_outlives_its_time_is_found()
    {
        var owed = _scene.Accept("t.One", 1);
        Attempt(owed);
        _scene.Pass(StandingScene.Retention.TotalSeconds - 0.1 - Moment);
        Finds("a round is overdue", _scene.Rest);
        _scene.Pass(Moment);
        Finds("past its time", _scene.Rest);
    }

    [Theory]
    [InlineData("up", null)]
    [InlineData("failed", 3)]
    public void A_state_that_cannot_be_is_found(string state, int? wait)
    {
        Attempt(_scene.Accept("t.One", 1));
        Finds("it says", () => _scene.Says(state, _scene.Now + (wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null)));
    }

    private void FailBesideARound(out OwedDelivery probe, out OwedDelivery beside)
    {
        (probe, beside) = (_scene.Accept("t.One", 1), _scene.Accept("t.Two", 2));
        _scene.Start(probe);
        _scene.Start(beside);
        _scene.Fail(probe);
        _scene.Pass(2);
        _scene.Start(probe);
        _scene.Fail(beside);
    }

    private void Attempt(OwedDelivery owed, double after = 0.1)
    {
        _scene.Start(owed);
        _scene.Fail(owed, after);
    }

    private static void Finds(string message, Action act) =>
        Assert.Contains(message, Assert.Throws<SimulationViolation>(act).Message, StringComparison.Ordinal);
}
