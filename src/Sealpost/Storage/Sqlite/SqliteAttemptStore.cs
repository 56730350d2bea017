using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sealpost.Deliveries;
using Sealpost.Deliveries.History;

namespace Sealpost.Storage.Sqlite;

/// <summary>Attempts in one SQLite file a day (<c>2026-11-24.db</c>), so that retention deletes files and never rows.</summary>
/// <remarks>
/// WAL with <c>synchronous=NORMAL</c>: a power cut costs the last attempts and never the file. A day's file that cannot be read
/// is left out and said so in the log.
/// </remarks>
internal sealed partial class SqliteAttemptStore(string folder, ILogger<SqliteAttemptStore> log) : IAttemptStore, IDisposable
{
    private const string DayFormat = "yyyy-MM-dd";
    private static readonly string[] Suffixes = ["", "-wal", "-shm"];

    private AttemptFile? _today;

    public void Write(IReadOnlyList<LoggedAttempt> attempts)
    {
        foreach (var ofDay in attempts.GroupBy(attempt => DateOnly.FromDateTime(attempt.At.UtcDateTime)))
        {
            FileOf(ofDay.Key).Write(ofDay);
        }
    }

    public List<LoggedAttempt> Read(DeliveryId delivery, DateOnly first, DateOnly last)
    {
        var attempts = new List<LoggedAttempt>();
        foreach (var day in Days().Where(day => day >= first && day <= last).Order())
        {
            var path = PathOf(day);
            try
            {
                attempts.AddRange(AttemptFile.Read(path, delivery));
            }
            catch (SqliteException e)
            {
                LogUnreadable(path, e.Message);
            }
        }

        return attempts;
    }

    public int Erase(IReadOnlyCollection<DeliveryId> deliveries)
    {
        var erased = 0;
        foreach (var day in Days().ToList())
        {
            if (_today?.Day == day)
            {
                erased += _today.Erase(deliveries);
                continue;
            }

            using var file = AttemptFile.Open(PathOf(day), day);
            erased += file.Erase(deliveries);
        }

        return erased;
    }

    public void ForgetBefore(DateOnly day)
    {
        foreach (var old in Days().Where(present => present < day).ToList())
        {
            Close(old);
            foreach (var suffix in Suffixes)
            {
                File.Delete(PathOf(old) + suffix);
            }
        }
    }

    public void Dispose() => _today?.Dispose();

    private AttemptFile FileOf(DateOnly day)
    {
        if (_today?.Day != day)
        {
            _today?.Dispose();
            _today = null;
            _today = AttemptFile.Open(PathOf(day), day);
        }

        return _today;
    }

    private void Close(DateOnly day)
    {
        if (_today?.Day == day)
        {
            _today.Dispose();
            _today = null;
        }
    }

    private IEnumerable<DateOnly> Days() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.db").Select(DayOf).OfType<DateOnly>()
        : [];

    private static DateOnly? DayOf(string path) =>
        DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(path), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private string PathOf(DateOnly day) => Path.Combine(folder, day.ToString(DayFormat, CultureInfo.InvariantCulture) + ".db");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read, its attempts are left out ({Reason})")]
    private partial void LogUnreadable(string path, string reason);
}
