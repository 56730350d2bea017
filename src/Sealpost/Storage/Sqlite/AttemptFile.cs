using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;
using Sealpost.Deliveries.History;
using Sealpost.Sending;

namespace Sealpost.Storage.Sqlite;

/// <summary>One day's attempts.</summary>
internal sealed class AttemptFile : IDisposable
{
    private const string Prepare =
        """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=NORMAL;
        CREATE TABLE IF NOT EXISTS attempts (
          delivery  INTEGER NOT NULL,
          number    INTEGER NOT NULL,
          at        INTEGER NOT NULL,
          duration  INTEGER NOT NULL,
          route     INTEGER NOT NULL,
          status    INTEGER,
          error     TEXT,
          response  BLOB NOT NULL
        );
        CREATE INDEX IF NOT EXISTS attempts_delivery ON attempts(delivery);
        """;

    private readonly SqliteConnection _connection;
    private readonly Statement _insert;
    private readonly string _path;

    private AttemptFile(SqliteConnection connection, string path, DateOnly day)
    {
        _connection = connection;
        _path = path;
        Day = day;
        _insert = new Statement(
            connection.Handle!, "INSERT INTO attempts(delivery, number, at, duration, route, status, error, response) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)");
    }

    public DateOnly Day { get; }

    /// <exception cref="StoreException">It cannot be opened or made.</exception>
    public static AttemptFile Open(string path, DateOnly day)
    {
        // Not from the pool: a file that is deleted later must not stay open.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, Prepare);
            return new AttemptFile(connection, path, day);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFaults.Translate(e, path);
        }
    }

    /// <exception cref="StoreException">Nothing of them was kept.</exception>
    public void Write(IEnumerable<LoggedAttempt> attempts)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var attempt in attempts)
            {
                _insert.Bind(1, attempt.Delivery.Value).Bind(2, attempt.Number).Bind(3, attempt.At)
                    .Bind(4, (long)attempt.Duration.TotalMilliseconds).Bind(5, (long)attempt.Route).Bind(6, attempt.Status)
                    .Bind(7, attempt.Error).Bind(8, attempt.Response.Span).Run();
            }

            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Translate(e, _path);
        }
    }

    /// <summary>Removes the attempts of these deliveries, overwrites where they stood, and empties the log. Gives how many there were.</summary>
    /// <exception cref="StoreException">They could not be removed.</exception>
    public int Erase(IEnumerable<DeliveryId> deliveries)
    {
        try
        {
            Run(_connection, "PRAGMA secure_delete=ON");
            var erased = 0;
            using (var transaction = _connection.BeginTransaction())
            {
                using var delete = new Statement(_connection.Handle!, "DELETE FROM attempts WHERE delivery=?1");
                foreach (var delivery in deliveries)
                {
                    delete.Bind(1, delivery.Value).Run();
                    erased += SQLitePCL.raw.sqlite3_changes(_connection.Handle!);
                }

                transaction.Commit();
            }

            Run(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            return erased;
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Translate(e, _path);
        }
    }

    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static List<LoggedAttempt> Read(string path, DeliveryId delivery)
    {
        var mode = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using var connection = new SqliteConnection(mode.ToString());
        connection.Open();
        using var query = new Statement(
            connection.Handle!, "SELECT number, at, duration, route, status, error, response FROM attempts WHERE delivery=?1 ORDER BY rowid");
        query.Bind(1, delivery.Value);
        var attempts = new List<LoggedAttempt>();
        while (query.Step())
        {
            attempts.Add(new LoggedAttempt
            {
                Delivery = delivery,
                Number = query.Int(0),
                At = query.Time(1),
                Duration = TimeSpan.FromMilliseconds(query.Long(2)),
                Route = (Route)query.Int(3),
                Status = query.IsNull(4) ? null : query.Int(4),
                Error = query.IsNull(5) ? null : query.Text(5),
                Response = query.Blob(6).ToArray(),
            });
        }

        return attempts;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
