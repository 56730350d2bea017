using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Sealpost.Storage.Sqlite;

/// <summary>Event type keys as the small numbers that rows hold. Numbers are never reused. Thread-safe.</summary>
internal sealed class EventTypeNumbers
{
    private readonly SqliteDatabase _database;
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _names = new();

    public EventTypeNumbers(SqliteDatabase database)
    {
        _database = database;
        using var connection = database.OpenRead();
        using var all = new Statement(connection.Handle!, "SELECT number, name FROM event_types");
        while (all.Step())
        {
            Remember(all.Int(0), all.Text(1));
        }
    }

    /// <summary>The number of an event type; a new one is made durable first, in a transaction of its own.</summary>
    public int NumberOf(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _database.Write(connection => NumberOf(connection, name));
            Remember(number, name);
        }

        return number;
    }

    /// <summary>The number of an event type; null when nothing of it was ever stored.</summary>
    public int? Find(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    /// <summary>The number of an event type, inside a write transaction that is under way. A new one counts once that commits.</summary>
    public int NumberOf(SqliteConnection connection, string name)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        using var make = new Statement(connection.Handle!, "INSERT INTO event_types(name) VALUES(?1) ON CONFLICT(name) DO NOTHING");
        make.Bind(1, name).Run();
        using var read = new Statement(connection.Handle!, "SELECT number FROM event_types WHERE name=?1");
        read.Bind(1, name).Step();
        return read.Int(0);
    }

    public string NameOf(int number)
    {
        if (!_names.TryGetValue(number, out var name))
        {
            name = _database.Read(connection =>
            {
                using var read = new Statement(connection.Handle!, "SELECT name FROM event_types WHERE number=?1");
                return read.Bind(1, number).Step()
                    ? read.Text(0)
                    : throw new StoreException(StoreFault.Corrupt, $"{_database.Path}: there is no event type {number}");
            });
            Remember(number, name);
        }

        return name;
    }

    private void Remember(int number, string name)
    {
        _names[number] = name;
        _numbers[name] = number;
    }
}
