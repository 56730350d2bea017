using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Mtls.Routes;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// The MTLS service, and what the webhooks service knows of it: the real table of routes, filled with answers that come after a
/// time. Which endpoints are mapped, and the answers that were stored, outlive crashes.
/// </summary>
internal class SimulatedMtls(Random random, SimulatedWorld world)
{
    private const int PollSeconds = 155;

    private readonly double _mappedShare = random.Next(3) * 0.35;
    private readonly Dictionary<(AccountId Account, string Endpoint), bool> _mapped = [];
    private readonly Dictionary<AccountId, List<MappingAnswer>> _stored = [];
    private readonly PriorityQueue<AccountId, long> _questions = new();
    private readonly HashSet<AccountId> _wanted = [];
    private readonly Queue<AccountId> _changed = new();
    private RouteTable _table = new([], static _ => { });
    private GatewayMood _mood;
    private DateTimeOffset _moodEnds;

    /// <summary>When the next answer comes; null when nothing is asked.</summary>
    public DateTimeOffset? NextMoment => _questions.TryPeek(out _, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Accounts whose routes have changed, which the engine is not told of yet.</summary>
    public bool HasChanges => _changed.Count > 0;

    private DateTimeOffset Now => world.Clock.Now;

    /// <summary>A new life of the process: it knows what is stored.</summary>
    public FindRoute Start(out IReadOnlyList<MappingAnswer> stored)
    {
        _questions.Clear();
        _wanted.Clear();
        _changed.Clear();
        if (random.Next(6) == 0)
        {
            _stored.Clear();
        }

        stored = [.. _stored.Values.SelectMany(static answers => answers)];
        _table = new RouteTable(stored, Want);
        foreach (var account in world.AllAccounts)
        {
            Want(account);
        }

        return _table.Find;
    }

    /// <summary>Answers the oldest question, for all endpoints that the account's installs have now.</summary>
    public IReadOnlyList<MappingAnswer> Answer()
    {
        var account = _questions.Dequeue();
        _wanted.Remove(account);
        List<MappingAnswer> answers = [.. EndpointsOf(account).Distinct(StringComparer.Ordinal).Select(endpoint => new MappingAnswer(account, endpoint, IsMapped(account, endpoint)))];
        if (_table.Put(account, answers))
        {
            _changed.Enqueue(account);
        }

        // There is not always room to store them.
        if (random.Next(8) > 0)
        {
            _stored[account] = answers;
        }

        return answers;
    }

    public AccountId TakeChange() => _changed.Dequeue();

    /// <summary>An install was changed: what nobody had before is not known any more, whatever was answered for it once.</summary>
    /// <returns>The endpoints.</returns>
    public List<Uri> Changed(Install? before, Install after)
    {
        var others = world.Installs.All(after.Account).Where(install => install.Number != after.Number).Append(before);
        var known = others.OfType<Install>().SelectMany(EndpointsOf).ToHashSet();
        var renewed = after.Deleted ? [] : EndpointsOf(after).Where(endpoint => !known.Contains(endpoint)).Distinct().ToList();
        renewed.ForEach(endpoint => _table.Renew(after.Account, endpoint));
        return renewed;
    }

    /// <summary>An endpoint is mapped that was not, or the other way round: found out with the next poll.</summary>
    public void Switch(AccountId account, Uri endpoint)
    {
        _mapped[(account, endpoint.OriginalString)] = !IsMapped(account, endpoint.OriginalString);
        _questions.Enqueue(account, Now.AddSeconds(random.Next(0, PollSeconds)).UtcTicks);
    }

    public void SetMood(GatewayMood mood, TimeSpan lasts) => (_mood, _moodEnds) = (mood, world.Clock.Latest + lasts);

    /// <summary>What MTLS itself says to a request; null: it forwards it.</summary>
    public virtual Outcome? Refuse()
    {
        var mood = world.Clock.Latest < _moodEnds ? _mood : GatewayMood.Healthy;
        return mood switch
        {
            GatewayMood.Healthy => null,
            GatewayMood.Away => Unavailable(),
            GatewayMood.Shaky => random.Next(2) == 0 ? Unavailable() : null,
            GatewayMood.Throttling => Throttled(random.Next(3) == 0 ? null : TimeSpan.FromSeconds(random.Next(0, 900))),
            GatewayMood.Crowded => random.Next(4) > 0 ? null : Throttled(random.Next(3) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(0, 20_000))),
        };
    }

    /// <summary>How long an answer takes.</summary>
    protected virtual TimeSpan Delay() => random.Next(10) switch
    {
        < 3 => TimeSpan.Zero,
        < 7 => TimeSpan.FromMilliseconds(random.Next(1, 200)),
        < 9 => TimeSpan.FromSeconds(random.Next(1, 40)),
        _ => TimeSpan.FromMinutes(random.Next(1, 20)),
    };

    protected virtual bool IsMapped(AccountId account, string endpoint)
    {
        if (!_mapped.TryGetValue((account, endpoint), out var isMapped))
        {
            _mapped.Add((account, endpoint), isMapped = random.NextDouble() < _mappedShare);
        }

        return isMapped;
    }

    /// <summary>It is asked about an account.</summary>
    protected void Want(AccountId account)
    {
        if (_wanted.Add(account))
        {
            _questions.Enqueue(account, (Now + Delay()).UtcTicks);
        }
    }

    private static Outcome Throttled(TimeSpan? retryAfter) =>
        new() { Kind = OutcomeKind.Throttled, RetryAfter = retryAfter, Duration = TimeSpan.FromMilliseconds(2) };

    private static IEnumerable<Uri> EndpointsOf(Install install) => install.Manifest.Webhooks.Values.Select(static webhook => webhook.Endpoint);

    private Outcome Unavailable() =>
        new() { Kind = OutcomeKind.MtlsUnavailable, Duration = random.Next(3) == 0 ? TimeSpan.FromSeconds(11) : TimeSpan.FromMilliseconds(random.Next(1, 50)) };

    private IEnumerable<string> EndpointsOf(AccountId account) =>
        world.Installs.All(account).SelectMany(EndpointsOf).Select(static endpoint => endpoint.OriginalString);
}

/// <summary>How MTLS behaves for a while.</summary>
internal enum GatewayMood
{
    Healthy,

    /// <summary>It fails each request, or is not reached.</summary>
    Away,

    /// <summary>Half of the time away.</summary>
    Shaky,

    /// <summary>It takes nothing.</summary>
    Throttling,

    /// <summary>It takes most, and asks for short pauses.</summary>
    Crowded,
}
