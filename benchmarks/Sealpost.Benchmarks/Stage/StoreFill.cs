using System.Diagnostics;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Storage.Sqlite;

namespace Sealpost.Benchmarks.Stage;

/// <summary>One account's share of a filled store.</summary>
/// <param name="Name">The account.</param>
/// <param name="Share">Of all deliveries.</param>
/// <param name="Installs">Its installs; the first gets half of its share, the second half of the rest, and so on.</param>
internal sealed record FilledAccount(string Name, double Share, int Installs);

/// <summary>
/// Fills the store of a service that is stopped, by the store's own writer: 2 % dead, 1 % pending for a disabled install of each account,
/// one event in five owed to two installs, a tenth of each account in five hot conversations and the rest in as many as a fifth of the
/// events; accepted one after the other over two days.
/// </summary>
internal sealed class StoreFill : IDisposable
{
    public const int HotConversations = 5;
    public const int EventTypes = 8;

    /// <summary>Over how long the deliveries were accepted.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(48);

    private const int DeliveriesPerCommit = 4_000;

    private readonly SqliteDatabase _database;
    private readonly EventTypeNumbers _eventTypes;
    private readonly SqliteLedgerStore _ledger;
    private readonly IReadOnlyList<FilledAccount> _accounts;
    private readonly Dictionary<(string Account, int Index), (int Account, int Install, int Disabled)> _installs = [];
    private readonly Dictionary<(int Install, long Key), long> _sequences = [];
    private readonly Random _random = new(11);
    private readonly byte[] _body = EventTemplate.Bytes.ToArray();
    private readonly LedgerBatch _batch = new();
    private long _lastId;

    /// <param name="path">The database.</param>
    /// <param name="accounts">Who is in it; their installs are named by <see cref="InstallName"/>.</param>
    public StoreFill(string path, IReadOnlyList<FilledAccount> accounts)
    {
        _accounts = accounts;
        _database = SqliteDatabase.Open(path);
        _eventTypes = new EventTypeNumbers(_database);
        _ledger = new SqliteLedgerStore(_database, _eventTypes);
        FindInstalls();
    }

    public static string InstallName(int index) => $"app {index}";

    /// <summary>The install of an account that is disabled.</summary>
    public static string DisabledName => "disabled";

    /// <summary>An event type that the store knows and no delivery has.</summary>
    public static string UnusedType => Roles.PublishConnection.EventType(EventTypes);

    public static string Hot(int index) => $"hot-{index}";

    /// <param name="deliveries">How many.</param>
    /// <param name="start">When the first was accepted.</param>
    public void Fill(long deliveries, DateTimeOffset start)
    {
        var types = Enumerable.Range(0, EventTypes).Select(type => _eventTypes.NumberOf(Roles.PublishConnection.EventType(type))).ToArray();
        _eventTypes.NumberOf(UnusedType);
        _lastId = start.ToUnixTimeMilliseconds() << 20;
        var began = Stopwatch.GetTimestamp();
        for (long made = 0, told = 0; made < deliveries;)
        {
            made += Accept(start + (Span * ((double)made / deliveries)), types, deliveries);
            if (_batch.Deliveries.Count >= DeliveriesPerCommit || made >= deliveries)
            {
                _ledger.Commit(_batch);
                _batch.Clear();
                _batch.Records.Clear();
            }

            if (made - told >= 1_000_000)
            {
                told = made;
                Console.WriteLine($"  {made:N0} stored after {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s");
            }
        }
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _database.Dispose();
    }

    private int Accept(DateTimeOffset at, int[] types, long deliveries)
    {
        var account = Pick();
        var conversation = _random.Next(10) == 0 ? Hot(_random.Next(HotConversations)) : $"talk-{_random.NextInt64(Math.Max(1, deliveries / 5))}";
        var type = types[_random.Next(types.Length)];
        var first = Half(account.Installs);
        var notification = ++_lastId;
        var owner = _installs[(account.Name, first)];
        _batch.Notifications.Add(new NotificationRow(notification, owner.Account, type, conversation, at, null, _body));
        var key = ConversationKey.Of(_ledger.ConversationSeed, conversation);
        if (_random.Next(100) == 0)
        {
            Owe(owner.Disabled, notification, key, type, at, isPending: true);
            return 1;
        }

        Owe(owner.Install, notification, key, type, at, isPending: false);
        if (_random.Next(5) > 0)
        {
            return 1;
        }

        Owe(_installs[(account.Name, (first + 1) % account.Installs)].Install, notification, key, type, at, isPending: false);
        return 2;
    }

    private void Owe(int install, long notification, long key, int type, DateTimeOffset at, bool isPending)
    {
        var sequence = _sequences[(install, key)] = _sequences.GetValueOrDefault((install, key)) + 1;
        var id = ++_lastId;
        _batch.Deliveries.Add(new DeliveryRow(id, install, notification, key, sequence, type, _body.Length, at));
        if (!isPending)
        {
            var isDead = _random.Next(50) == 0;
            _batch.Records.Outcomes.Add(new OutcomeRecord
            {
                Delivery = id,
                State = isDead ? DeliveryState.Dead : DeliveryState.Delivered,
                Attempts = 1,
                At = at.AddMilliseconds(20),
                Reason = isDead ? DeadReason.NotRetried : null,
                Outcome = isDead
                    ? new Outcome { Kind = OutcomeKind.Status, Status = 500, Duration = TimeSpan.FromMilliseconds(12) }
                    : new Outcome { Kind = OutcomeKind.Delivered, Status = 200, Duration = TimeSpan.FromMilliseconds(8) },
            });
        }
    }

    private FilledAccount Pick()
    {
        var at = _random.NextDouble();
        return _accounts.FirstOrDefault(account => (at -= account.Share) < 0) ?? _accounts[^1];
    }

    private int Half(int installs)
    {
        var index = 0;
        while (index < installs - 1 && _random.Next(2) == 0)
        {
            index++;
        }

        return index;
    }

    private void FindInstalls() => _database.Read(connection =>
    {
        using var find = new Statement(
            connection.Handle!,
            """
            SELECT a.number, i.number, (SELECT number FROM installs WHERE account=a.number AND client_name=?3)
            FROM accounts a JOIN installs i ON i.account=a.number WHERE a.id=?1 AND i.client_name=?2
            """);
        foreach (var account in _accounts)
        {
            for (var index = 0; index < account.Installs; index++)
            {
                if (!find.Bind(1, account.Name).Bind(2, InstallName(index)).Bind(3, DisabledName).Step())
                {
                    throw new InvalidOperationException($"{account.Name} has no install {index}.");
                }

                _installs[(account.Name, index)] = (find.Int(0), find.Int(1), find.Int(2));
                find.Reset();
            }
        }

        return true;
    });
}
