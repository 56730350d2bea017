using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>When the oracle wants an app disabled as slow, with observations written by hand.</summary>
public sealed class SlowLawsTests
{
    private readonly StandingScene _scene = new();

    [Fact]
    public void Slow_responses_over_two_minutes_disable_an_app()
    {
        Answer(slow: 3);
        Answer(slow: 3);
        _scene.Pass(111);
        Assert.Throws<SimulationViolation>(_scene.FindSlow);
        Answer(slow: 3);
        _scene.FindSlow();
        Assert.Contains("is slow and was not disabled", Assert.Throws<SimulationViolation>(_scene.Rest).Message, StringComparison.Ordinal);
        _scene.Change(static install => install with { Enabled = false });
        _scene.Rest();
    }

    [Theory]
    [InlineData(3, 2.5)]
    [InlineData(2.5, 3)]
    public void One_response_in_time_starts_the_window_over(double first, double second)
    {
        Answer(first);
        Answer(second);
        _scene.Pass(120);
        Answer(slow: 3);
        Assert.Throws<SimulationViolation>(_scene.FindSlow);
        _scene.Rest();
    }

    [Fact]
    public void Slow_responses_within_two_minutes_are_not_enough()
    {
        for (var answers = 0; answers < 39; answers++)
        {
            Answer(slow: 3);
        }

        Assert.Throws<SimulationViolation>(_scene.FindSlow);
        Answer(slow: 3);
        _scene.FindSlow();
    }

    [Fact]
    public void Two_slow_responses_are_not_enough()
    {
        Answer(slow: 3);
        _scene.Pass(200);
        Answer(slow: 3);
        Assert.Throws<SimulationViolation>(_scene.FindSlow);
    }

    [Fact]
    public void A_probe_of_a_failed_install_clears_the_window()
    {
        Answer(slow: 3);
        Answer(slow: 3);
        var owed = _scene.Accept("t.One", 1);
        _scene.Start(owed);
        _scene.Fail(owed);
        _scene.Pass(2);
        _scene.Start(owed);
        _scene.Succeed(owed, after: 3);
        _scene.Pass(120);
        Answer(slow: 3);
        Assert.Throws<SimulationViolation>(_scene.FindSlow);
    }

    private void Answer(double slow)
    {
        var owed = _scene.Accept("t.One", 1);
        _scene.Start(owed);
        _scene.Succeed(owed, slow);
    }
}
