using System.Text;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// One prepared statement of the hot path: bound, stepped and reset again and again, without the objects that a command makes
/// for each call.
/// </summary>
/// <remarks>Not thread-safe: used by whoever holds its connection.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v2(db, sql, out _statement));
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value)
    {
        Check(value is { } present ? raw.sqlite3_bind_int64(_statement, index, present) : raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    public Statement Bind(int index, DateTimeOffset time) => Bind(index, time.ToUnixTimeMilliseconds());

    public Statement Bind(int index, DateTimeOffset? time) => Bind(index, time?.ToUnixTimeMilliseconds());

    public Statement Bind(int index, ReadOnlySpan<byte> blob)
    {
        Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, blob));
        return this;
    }

    public Statement Bind(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
            return this;
        }

        Span<byte> utf8 = stackalloc byte[1024];
        if (!Encoding.UTF8.TryGetBytes(text, utf8, out var length))
        {
            Check(raw.sqlite3_bind_text(_statement, index, text));
            return this;
        }

        Check(raw.sqlite3_bind_text(_statement, index, utf8[..length]));
        return this;
    }

    /// <summary>Runs a statement that gives no rows, and is ready to be bound again.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(_statement);
        Reset();
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            throw SqliteFaults.Exception(_db, code);
        }
    }

    /// <summary>The next row; false after the last, when the statement is ready to be bound again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        Reset();
        return code == raw.SQLITE_DONE ? false : throw SqliteFaults.Exception(_db, code);
    }

    /// <summary>Ends a read before its last row.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int(int column) => raw.sqlite3_column_int(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw SqliteFaults.Exception(_db, code);
        }
    }
}
