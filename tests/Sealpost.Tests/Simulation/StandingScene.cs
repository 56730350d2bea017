using System.Globalization;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Installs;
using Sealpost.Sending;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>
/// One install by time to live, and what is seen of it, told to the oracle's laws by hand. <c>t.One</c> and <c>t.Two</c> go
/// to hosts of their own, <c>t.Once</c> to that of <c>t.One</c> and is not retried.
/// </summary>
internal sealed class StandingScene
{
    public static readonly TimeSpan Retention = TimeSpan.FromDays(3);

    private readonly SimulatedWorld _world;
    private readonly InstallLaws _laws;
    private readonly OwedInstall _install;
    private int _accepted;
    private long _started;

    public StandingScene()
    {
        var bits = new EndpointBits();
        _world = new SimulatedWorld(NewManifest(null));
        _install = new OwedInstall(_world.All[0], bits, _world.Clock);
        _laws = new InstallLaws(bits, _world.Clock);
    }

    public DateTimeOffset Now => _world.Clock.Now;

    public static Manifest NewManifest(string? clientName) => new()
    {
        ClientName = clientName ?? "app",
        Webhooks = new Dictionary<string, Webhook>
        {
            ["t.One"] = new("t.One", new Uri("https://a/"), null, []),
            ["t.Two"] = new("t.Two", new Uri("https://b/"), 3, []),
            ["t.Once"] = new("t.Once", new Uri("https://a/"), 0, []),
        },
        RetentionTime = Retention,
        Json = default,
    };

    public OwedDelivery Accept(string eventType, int conversation)
    {
        _laws.Expect(_install);
        var published = SimulatedEvent.Make(++_accepted, eventType, conversation.ToString(CultureInfo.InvariantCulture), 4);
        var row = new DeliveryRow(_accepted, 1, _accepted, conversation, 1, 0, 4, Now);
        var notification = new NotificationRow(_accepted, 1, 0, published.Conversation, Now, null, published.Body);
        var owed = new OwedDelivery(published, new StoredRow(row, notification, eventType));
        _install.Add(owed, Now);
        return owed;
    }

    public void Pass(double seconds)
    {
        _laws.Expect(_install);
        _world.Clock.MoveTo(Now + TimeSpan.FromSeconds(seconds));
    }

    public void Start(OwedDelivery owed)
    {
        _laws.Expect(_install);
        owed.Start(owed.Counted + 1, _install.Present.Manifest.Webhooks[owed.Event.EventType].Endpoint, ++_started);
        _laws.Started(_install, owed);
        _install.LaneOf(owed).Start(owed);
    }

    public void Succeed(OwedDelivery owed, double after = 0.1) =>
        End(owed, after, new Outcome { Kind = OutcomeKind.Delivered, Status = 200, Duration = TimeSpan.FromSeconds(after), ResponseTime = TimeSpan.FromSeconds(after) });

    public void Fail(OwedDelivery owed, double after = 0.1, int? retryAfter = null) => End(owed, after, new Outcome
    {
        Kind = OutcomeKind.Status,
        Status = 503,
        RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Duration = default,
    });

    /// <summary>The engine rests, nothing keeps it from sending.</summary>
    public void Rest() => _laws.Rested(_install, isQuiet: true, static endpoints => endpoints);

    public void Says(string state, DateTimeOffset? nextAttemptAt = null)
    {
        Rest();
        _laws.Observed(_install, state, nextAttemptAt);
    }

    public void Change(Func<Install, Install> change)
    {
        var (before, after) = (_install.Present, change(_install.Present) with { Revision = _install.Present.Revision + 1 });
        _laws.Expect(_install);
        _install.History.Told(after);
        _laws.Told(_install, before, mayBeUnknown: false);
    }

    public void Keep() => _laws.Kept(_install);

    public void Crash()
    {
        _install.Deliveries.ForEach(static owed => owed.Crash());
        _install.Crash();
        _laws.Crashed(_install);
    }

    public void FindSlow() => _laws.FoundSlow(_install);

    private void End(OwedDelivery owed, double after, Outcome outcome)
    {
        Pass(after);
        _laws.Expect(_install);
        owed.End(outcome, isByNumbers: false, Now, Now);
        _install.LaneOf(owed).End(Now);
        if (EndLaws.IsFailure(outcome) && EndLaws.IsNotRetried(owed, _install.Present))
        {
            owed.Die();
        }

        _laws.Ended(_install, owed, outcome);
    }
}
