using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Event type keys as small numbers, and back. Known ones are answered from memory; a new key gets its number inside the write
/// transaction that needs it, and is forgotten if that is rolled back. There are few keys; they are never removed.
/// </summary>
internal sealed class EventTypeNumbers
{
    private readonly SqliteDatabase _database;
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _names = new();

    public EventTypeNumbers(SqliteDatabase database)
    {
        _database = database;
        _database.RolledBack += Forget;
    }

    /// <summary>The key's number, given now if it has none. Called inside <see cref="SqliteDatabase.Write{T}"/> alone.</summary>
    public int NumberOf(SqliteConnection connection, string name)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        connection.Execute("INSERT INTO event_types(name) VALUES (@name) ON CONFLICT DO NOTHING", new { name });
        var number = connection.ExecuteScalar<int>("SELECT number FROM event_types WHERE name = @name", new { name });
        Learn(number, name);
        return number;
    }

    /// <summary>The number of a key, for searching; null when no event or install has ever used it. Thread safe.</summary>
    public int? Find(string name)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        using var connection = _database.OpenRead();
        return connection.ExecuteScalar<int?>("SELECT number FROM event_types WHERE name = @name", new { name });
    }

    /// <summary>The key of a number that stands in a committed row. Thread safe.</summary>
    /// <exception cref="StoreException">There is no such number: the store is damaged.</exception>
    public string NameOf(int number)
    {
        if (_names.TryGetValue(number, out var known))
        {
            return known;
        }

        using var connection = _database.OpenRead();
        return connection.ExecuteScalar<string?>("SELECT name FROM event_types WHERE number = @number", new { number })
            ?? throw new StoreException(StoreFault.Corrupt, $"{_database.Path}: there is no event type {number}");
    }

    private void Learn(int number, string name)
    {
        _numbers[name] = number;
        _names[number] = name;
    }

    private void Forget()
    {
        _numbers.Clear();
        _names.Clear();
    }
}
