using System.Globalization;
using Sealpost.Installs;
using Sealpost.Mailrooms;

namespace Sealpost.Testing.Simulation;

/// <summary>What happens to the system from outside in a run: drawn from its seed.</summary>
internal sealed class SimulationScript(Random random, SimulatedWorld world)
{
    // The idempotency window starts with the acceptance, so what was published within it is answered again.
    private static readonly TimeSpan KeyLives = TimeSpan.FromHours(24);

    private readonly List<(DateTimeOffset At, SimulatedPublication Publication)> _keyed = [];
    private readonly bool _hasLongPauses = random.Next(8) == 0;
    private int _events;

    /// <summary>Some lines of one account: mostly few conversations, of which one is hot.</summary>
    public SimulatedPublication Publication()
    {
        if (_keyed.Count > 0 && random.Next(8) == 0)
        {
            var (publishedAt, earlier) = _keyed[random.Next(_keyed.Count)];
            if (world.Clock.Now < publishedAt + KeyLives)
            {
                return earlier.Repeat();
            }
        }

        var isBurst = random.Next(10) == 0;
        var hot = random.Next(3);
        var events = new SimulatedEvent[isBurst ? random.Next(10, 40) : random.Next(1, 5)];
        for (var i = 0; i < events.Length; i++)
        {
            var conversation = random.Next(3) == 0 ? random.Next(8) : hot;
            events[i] = NewEvent(SimulatedWorld.EventType(random), conversation);
        }

        var key = random.Next(4) == 0 ? string.Create(CultureInfo.InvariantCulture, $"key{_events}") : null;
        var publication = new SimulatedPublication(world.AllAccounts[random.Next(2)], events, key);
        if (key is not null)
        {
            _keyed.Add((world.Clock.Now, publication));
        }

        return publication;
    }

    /// <summary>A test event to one webhook; null when there is none.</summary>
    public SimulatedPublication? TestEvent()
    {
        var install = Living();
        var target = install is null ? null : new TestTarget(install, install.Manifest.Webhooks.Keys.First());
        return target is null ? null : new SimulatedPublication(install!.Account, [NewEvent(target.EventType, 99)], null, target);
    }

    public HostMood Mood() => (HostMood)random.Next(7);

    public GatewayMood GatewayMood() => (GatewayMood)random.Next(5);

    /// <summary>For how long MTLS is in a mood: not so long that by numbers nothing else happens.</summary>
    public TimeSpan MoodLasts() => TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(60, 1_200) : random.Next(1, 60));

    public string Host() => SimulatedWorld.Hosts[random.Next(SimulatedWorld.Hosts.Length)].ToString();

    public Install? Living()
    {
        var living = world.All.Where(install => !install.Deleted).ToList();
        return living.Count == 0 ? null : living[random.Next(living.Count)];
    }

    /// <summary>An install as somebody wants it to be from now on.</summary>
    public Install Changed(Install install)
    {
        var manifest = install.Manifest;
        return random.Next(10) switch
        {
            0 or 1 or 2 => install with { Enabled = !install.Enabled },
            3 => random.Next(6) == 0 ? install with { Deleted = true } : install with { Enabled = true },
            4 or 5 => install with { Manifest = manifest with { RetentionTime = SimulatedWorld.NewRetention(random) } },
            6 => install with
            {
                Manifest = manifest with
                {
                    Webhooks = manifest.Webhooks.Keys.ToDictionary(type => type, type => SimulatedWorld.NewWebhook(random, type), StringComparer.Ordinal),
                },
            },
            _ => install with { Manifest = SimulatedWorld.NewManifest(random, install.Number) with { RetentionTime = manifest.RetentionTime } },
        };
    }

    /// <summary>Any pending delivery, for an operator to drop; null when there is none.</summary>
    public (int Install, long Delivery)? Drop(SimulatedStore store)
    {
        var pending = store.Rows.Values.Where(static row => row.IsPending).ToList();
        return pending.Count == 0 ? null : pending[random.Next(pending.Count)] is var row ? (row.Row.Install, row.Row.Id) : null;
    }

    /// <summary>Some deliveries of one install to be replayed, mostly such as are over; null when there are none.</summary>
    public SimulatedPublication? Replay(SimulatedStore store)
    {
        var isAny = random.Next(10) == 0;
        var rows = store.Rows.Values.Where(row => isAny || !row.IsPending).ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var install = rows[random.Next(rows.Count)].Row.Install;
        var wished = rows.Where(row => row.Row.Install == install && random.Next(3) == 0).OrderBy(row => row.Row.Id).Take(random.Next(1, 6)).ToList();
        return wished.Count == 0 ? null : new SimulatedPublication(world.All.Single(known => known.Number == install).Account, wished);
    }

    /// <summary>The process stands still, as when its machine sleeps.</summary>
    public TimeSpan Sleep() => random.Next(3) == 0 ? TimeSpan.FromMinutes(random.Next(1, 600)) : TimeSpan.FromSeconds(random.Next(1, 600));

    /// <summary>By how much somebody sets the clock on the wall back.</summary>
    public TimeSpan SetBack() => TimeSpan.FromMilliseconds(random.Next(1, 5_000));

    /// <summary>How long until the next thing: mostly at once or soon, sometimes minutes or hours, in some runs days.</summary>
    public TimeSpan Pause() => _hasLongPauses && random.Next(40) == 0 ? TimeSpan.FromHours(random.Next(3, 80)) : random.Next(20) switch
    {
        < 9 => TimeSpan.Zero,
        < 14 => TimeSpan.FromMilliseconds(random.Next(1, 200)),
        < 18 => TimeSpan.FromSeconds(random.Next(1, 40)),
        18 => TimeSpan.FromMinutes(random.Next(1, 20)),
        _ => TimeSpan.FromMinutes(random.Next(1, 200)),
    };

    private SimulatedEvent NewEvent(string eventType, int conversation)
    {
        var bytes = random.Next(40) == 0 ? random.Next(3_000, 30_000) : random.Next(20, 600);
        return SimulatedEvent.Make(++_events, eventType, string.Create(CultureInfo.InvariantCulture, $"conversation{conversation}"), bytes);
    }
}
