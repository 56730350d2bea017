using Sealpost.Deliveries;
using Sealpost.Protocol.Installs;
using Sealpost.Sending;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>What has no way to its endpoint waits, and goes on at the moment it has one (protocol 5). <c>t.One</c> goes to host a, <c>t.Two</c> to b.</summary>
public sealed class HeldLanesTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly Manifest ByTimeToLive = StandingScene.NewManifest("app");

    private static readonly Manifest ByNumbers = ByTimeToLive with
    {
        RetentionTime = null,
        Webhooks = ByTimeToLive.Webhooks.Values.ToDictionary(webhook => webhook.EventType, webhook => webhook with { MaxRetries = 0 }),
    };

    private Outcome? _refusal;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_sent_before_mtls_has_answered_and_everything_at_once_then(bool isByNumbers)
    {
        var scene = NewScene(isByNumbers ? ByNumbers : ByTimeToLive, answersAfter: 40);
        var start = scene.Now;
        scene.Publish("t.One", "one");
        scene.Publish("t.One", "other");
        scene.Run(until: start.AddSeconds(39.9));
        Assert.Empty(scene.Attempts);

        scene.Run(until: start.AddSeconds(60));
        Assert.Equal([start.AddSeconds(40), start.AddSeconds(40)], scene.Attempts);
    }

    [Fact]
    public void What_is_held_expires_at_its_time()
    {
        var scene = NewScene(ByTimeToLive with { RetentionTime = TimeSpan.FromSeconds(10) }, answersAfter: 40);
        var start = scene.Now;
        scene.Publish("t.One", "one");
        scene.Run(until: start.AddSeconds(3));
        scene.Publish("t.One", "one");
        scene.Run(until: start.AddSeconds(60));

        Assert.Empty(scene.Attempts);
        Assert.Equal([(start.AddSeconds(10), "expired"), (start.AddSeconds(13), "expired")], scene.Ends.Select(end => (end.At, end.Reason!)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_held_does_not_crowd_out_what_can_be_sent(bool isByNumbers)
    {
        _refusal = new Outcome { Kind = OutcomeKind.Throttled, RetryAfter = TimeSpan.FromSeconds(20), Duration = Moment };
        var scene = NewScene(isByNumbers ? ByNumbers : ByTimeToLive);
        var start = scene.Now;
        for (var i = 0; i < 200; i++)
        {
            scene.Publish("t.One", $"held {i % 80}");
        }

        scene.Run(until: start.AddSeconds(1));
        _refusal = null;
        var tried = scene.Attempts.Count;
        scene.Publish("t.Two", "direct");
        scene.Run(until: start.AddSeconds(19));
        Assert.Equal(start.AddSeconds(1), scene.Attempts.Skip(tried).Single());

        scene.Run(until: start.AddSeconds(40));
        Assert.Equal(201, scene.Ends.Count(end => end.State == DeliveryState.Delivered));
    }

    [Fact]
    public void Due_retries_that_are_held_do_not_crowd_out_what_can_be_sent()
    {
        var isFailing = true;
        var retried = ByNumbers with { Webhooks = ByNumbers.Webhooks.Values.ToDictionary(webhook => webhook.EventType, webhook => webhook with { MaxRetries = 1 }) };
        var scene = NewScene(retried, answer: _ => isFailing ? EngineScene.Fails(Moment) : EngineScene.Delivered(Moment));
        var start = scene.Now;
        for (var i = 0; i < 80; i++)
        {
            scene.Publish("t.One", $"held {i}");
        }

        scene.Run(until: start.AddSeconds(20));
        isFailing = false;
        _refusal = new Outcome { Kind = OutcomeKind.Throttled, RetryAfter = TimeSpan.FromSeconds(60), Duration = Moment };
        scene.Run(until: start.AddSeconds(40));
        _refusal = null;
        var tried = scene.Attempts.Count;
        scene.Publish("t.Two", "direct");
        scene.Run(until: start.AddSeconds(89));
        Assert.Equal(start.AddSeconds(40), scene.Attempts.Skip(tried).Single());

        scene.Run(until: start.AddSeconds(120));
        Assert.Equal(81, scene.Ends.Count(end => end.State == DeliveryState.Delivered));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_held_goes_at_once_when_its_install_is_changed_to_an_endpoint_that_has_a_way(bool isRetry)
    {
        var isFailing = isRetry;
        var retried = ByNumbers with { Webhooks = ByNumbers.Webhooks.Values.ToDictionary(webhook => webhook.EventType, webhook => webhook with { MaxRetries = 1 }) };
        var scene = NewScene(retried, answer: _ => isFailing ? EngineScene.Fails(Moment) : EngineScene.Delivered(Moment));
        var start = scene.Now;
        scene.Publish(isRetry ? "t.One" : "t.Two", "one");
        scene.Run(until: start.AddSeconds(1));
        isFailing = false;
        _refusal = new Outcome { Kind = OutcomeKind.Throttled, RetryAfter = TimeSpan.FromSeconds(200), Duration = Moment };
        scene.Publish("t.One", "two");
        scene.Run(until: start.AddSeconds(60));
        var tried = scene.Attempts.Count;

        scene.Change(install => install with
        {
            Manifest = install.Manifest with
            {
                Webhooks = install.Manifest.Webhooks.Values.ToDictionary(
                webhook => webhook.EventType, webhook => webhook with { Endpoint = install.Manifest.Webhooks["t.Two"].Endpoint }),
            }
        });
        scene.Run(until: start.AddSeconds(61));
        Assert.Equal(Enumerable.Repeat(start.AddSeconds(60), isRetry ? 2 : 1), scene.Attempts.Skip(tried));
    }

    [Fact]
    public void All_that_is_held_expires_at_its_time_however_much_it_is()
    {
        var scene = NewScene(ByTimeToLive with { RetentionTime = TimeSpan.FromSeconds(10) }, answersAfter: 40);
        var start = scene.Now;
        for (var i = 0; i < 200; i++)
        {
            scene.Publish("t.One", $"held {i % 80}");
            scene.Run(until: scene.Now.AddMilliseconds(10));
        }

        scene.Run(until: start.AddSeconds(60));
        Assert.Empty(scene.Attempts);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (start.AddSeconds(10).AddMilliseconds(10 * i), "expired")), scene.Ends.Select(end => (end.At, end.Reason!)));
    }

    [Theory]
    [InlineData(true, 20, 20)]
    [InlineData(false, 20, 20)]
    [InlineData(true, 900, 300)]
    [InlineData(false, 900, 300)]
    [InlineData(true, null, 1)]
    public void A_throttled_attempt_is_made_when_the_pause_is_over_and_other_routes_go_on(bool isByNumbers, int? asked, int seconds)
    {
        _refusal = new Outcome { Kind = OutcomeKind.Throttled, RetryAfter = asked is { } after ? TimeSpan.FromSeconds(after) : null, Duration = Moment };
        var scene = NewScene(isByNumbers ? ByNumbers : ByTimeToLive);
        var start = scene.Now;
        scene.Publish("t.One", "one");
        scene.Run(until: start.AddSeconds(0.5));
        _refusal = null;
        scene.Publish("t.One", "other");
        scene.Publish("t.Two", "direct");
        scene.Run(until: start.AddSeconds(1_000));

        var again = start + Moment + TimeSpan.FromSeconds(seconds);
        Assert.Equal([start, start.AddSeconds(0.5), again, again], scene.Attempts);
        Assert.All(scene.Ends, end => Assert.Equal(DeliveryState.Delivered, end.State));
    }

    [Fact]
    public void By_numbers_a_failure_of_mtls_is_tried_again_every_thirty_seconds_without_using_up_a_retry()
    {
        _refusal = new Outcome { Kind = OutcomeKind.MtlsUnavailable, Duration = Moment };
        var scene = NewScene(ByNumbers);
        var start = scene.Now;
        scene.Publish("t.One", "one");
        scene.Run(until: start.AddSeconds(100));
        Assert.Equal(Enumerable.Range(0, 4).Select(i => start + (i * (TimeSpan.FromSeconds(30) + Moment))), scene.Attempts);
        Assert.Empty(scene.Ends);

        _refusal = null;
        scene.Run(until: start.AddSeconds(200));
        Assert.Equal(DeliveryState.Delivered, Assert.Single(scene.Ends).State);
    }

    [Fact]
    public void By_time_to_live_a_failure_of_mtls_fails_the_install()
    {
        _refusal = new Outcome { Kind = OutcomeKind.MtlsUnavailable, Duration = Moment };
        var scene = NewScene(ByTimeToLive);
        var start = scene.Now;
        scene.Publish("t.One", "one");
        scene.Run(until: start.AddSeconds(1));
        scene.Publish("t.Two", "direct");
        scene.Run(until: start.AddSeconds(2));
        Assert.Equal([start], scene.Attempts);

        _refusal = null;
        scene.Run(until: start.AddSeconds(10));
        Assert.Equal([start, start.AddSeconds(2) + Moment, start.AddSeconds(2) + Moment + Moment], scene.Attempts);
    }

    [Fact]
    public void A_throttled_probe_is_made_when_the_pause_is_over_and_moves_no_backoff()
    {
        var isFailing = true;
        var scene = NewScene(ByTimeToLive, answer: _ => isFailing ? EngineScene.Fails(Moment) : EngineScene.Delivered(Moment));
        var start = scene.Now;
        scene.Publish("t.One", "one");
        scene.Run(until: start.AddSeconds(1));
        _refusal = new Outcome { Kind = OutcomeKind.Throttled, RetryAfter = TimeSpan.FromSeconds(20), Duration = Moment };
        scene.Run(until: start.AddSeconds(3));
        _refusal = null;
        scene.Run(until: start.AddSeconds(23));
        isFailing = false;
        scene.Run(until: start.AddSeconds(60));

        var round = start + Moment + TimeSpan.FromSeconds(2);
        var probe = round + Moment + TimeSpan.FromSeconds(20);
        Assert.Equal([start, round, probe, probe + Moment + TimeSpan.FromSeconds(4)], scene.Attempts);
    }

    private EngineScene NewScene(Manifest manifest, double answersAfter = 0, Func<string, Outcome>? answer = null) => new(new SimulationOptions(), manifest)
    {
        AnswersAfter = TimeSpan.FromSeconds(answersAfter),
        IsMapped = static endpoint => endpoint.StartsWith("https://a/", StringComparison.Ordinal),
        Refuses = () => _refusal,
        Answer = answer ?? (static _ => EngineScene.Delivered(Moment)),
    };
}
