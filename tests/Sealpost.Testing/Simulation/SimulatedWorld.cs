using System.Globalization;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Telemetry;
using Sealpost.Vault;

namespace Sealpost.Testing.Simulation;

/// <summary>What is durable beside the deliveries, and outlives crashes: the accounts, their installs, and the time.</summary>
internal sealed class SimulatedWorld
{
    public const string Hosts = "abcd";

    private static readonly string[] EventTypes = ["t.One", "t.Two", "t.Three"];

    private readonly List<Install> _installs = [];

    public SimulatedWorld(Random random)
        : this()
    {
        for (var number = 1; number <= random.Next(2, 7); number++)
        {
            Add(AllAccounts[random.Next(2)], NewManifest(random, number));
        }
    }

    /// <summary>A world of these installs, all in the first account.</summary>
    public SimulatedWorld(params IEnumerable<Manifest> manifests)
        : this()
    {
        foreach (var manifest in manifests)
        {
            Add(AllAccounts[0], manifest);
        }
    }

    private SimulatedWorld()
    {
        AllAccounts = [AccountId.Parse("acc1"), AccountId.Parse("acc2")];
        Accounts = new AccountDirectory(AllAccounts.Select((id, i) => new Account(id, i + 1, Clock.Now)));
        Installs = new InstallDirectory([]);
    }

    public SealpostMetrics Metrics { get; } = new();

    public VirtualClock Clock { get; } = new();

    public IReadOnlyList<AccountId> AllAccounts { get; }

    public AccountDirectory Accounts { get; }

    public InstallDirectory Installs { get; }

    /// <summary>Every install of the run, deleted ones too, as committed last.</summary>
    public IReadOnlyList<Install> All => _installs;

    public static string EventType(Random random) => EventTypes[random.Next(EventTypes.Length)];

    /// <summary>Commits a change as the registry does: the store's removals and the directory follow at once.</summary>
    public Install Commit(Install before, Install changed, SimulatedStore store)
    {
        var after = changed with { Revision = before.Revision + 1 };
        IEnumerable<string?> lost = after.Deleted
            ? [null]
            : before.Manifest.Webhooks.Keys.Where(type => !after.Manifest.Webhooks.ContainsKey(type)).Cast<string?>();
        foreach (var eventType in lost)
        {
            store.AddRemoval(before.Number, eventType);
        }

        _installs[_installs.FindIndex(install => install.Number == after.Number)] = after;
        Installs.Put(after, after.Revision);
        return after;
    }

    public static Manifest NewManifest(Random random, int number)
    {
        var types = EventTypes.Where(_ => random.Next(4) > 0).DefaultIfEmpty(EventTypes[0]);
        return new Manifest
        {
            ClientName = string.Create(CultureInfo.InvariantCulture, $"app{number}"),
            Webhooks = types.ToDictionary(type => type, type => NewWebhook(random, type), StringComparer.Ordinal),
            RetentionTime = NewRetention(random),
            Json = default,
        };
    }

    public static TimeSpan? NewRetention(Random random) => random.Next(6) switch
    {
        0 => TimeSpan.FromSeconds(random.Next(2, 60)),
        1 => TimeSpan.FromHours(1),
        2 => TimeSpan.FromDays(3),
        _ => null,
    };

    public static Webhook NewWebhook(Random random, string eventType)
    {
        // So few endpoints that event types share them.
        var (host, path) = (Hosts[random.Next(Hosts.Length)], random.Next(3));
        int? maxRetries = random.Next(3) == 0 ? null : random.Next(0, 6);
        return new Webhook(eventType, new Uri($"https://{host}/{path}"), maxRetries, []);
    }

    private void Add(AccountId account, Manifest manifest)
    {
        var number = _installs.Count + 1;
        var install = new Install
        {
            Number = number,
            Account = account,
            ClientId = new Guid(number, 0, 0, new byte[8]),
            Manifest = manifest,
            Secrets = new ClientSecrets(new Secret("secret")),
            Revision = 1,
            IssuedAt = Clock.Now,
            Enabled = true,
        };
        _installs.Add(install);
        Installs.Put(install, 1);
    }
}
