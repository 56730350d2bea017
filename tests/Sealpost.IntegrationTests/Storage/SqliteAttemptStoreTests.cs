using Microsoft.Extensions.Logging.Abstractions;
using Sealpost.Deliveries;
using Sealpost.Deliveries.History;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteAttemptStoreTests : IDisposable
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Before = new(2026, 11, 24);
    private static readonly DateOnly After = new(2026, 11, 25);

    private readonly DataFolder _folder = new();
    private readonly SqliteAttemptStore _store;

    public SqliteAttemptStoreTests() => _store = new SqliteAttemptStore(_folder.Path, NullLogger<SqliteAttemptStore>.Instance);

    [Fact]
    public void An_attempt_is_kept_as_it_was()
    {
        var failed = Attempt(1, 1, Midnight) with { Error = "no answer within 5 s", Response = new byte[] { 0, 255, 10 } };
        var answered = Attempt(1, 2, Midnight.AddSeconds(2)) with { Status = 503 };
        _store.Write([failed, answered]);
        var read = _store.Read(new DeliveryId(1), After, After);
        Assert.Equal(failed.Response.ToArray(), read[0].Response.ToArray());
        Assert.Equal([failed with { Response = default }, answered], read.Select(attempt => attempt with { Response = default }));
    }

    [Fact]
    public void Each_day_has_its_own_file_and_a_delivery_is_read_over_all_its_days()
    {
        _store.Write([Attempt(1, 1, Midnight.AddTicks(-1)), Attempt(1, 2, Midnight), Attempt(2, 1, Midnight)]);
        _store.Write([Attempt(1, 3, Midnight.AddSeconds(2))]);
        Assert.Equal(["2026-11-24.db", "2026-11-25.db"], Files());
        Assert.Equal([1, 2, 3], Numbers(_store.Read(new DeliveryId(1), Before, After)));
        Assert.Equal([2, 3], Numbers(_store.Read(new DeliveryId(1), After, After)));
        Assert.Equal([1], Numbers(_store.Read(new DeliveryId(1), Before, Before)));
        Assert.Empty(_store.Read(new DeliveryId(3), Before, After));
    }

    [Fact]
    public void Days_are_forgotten_with_their_files_and_the_rest_goes_on()
    {
        _store.Write([Attempt(1, 1, Midnight.AddTicks(-1))]);
        File.WriteAllText(_folder.File("notes.txt"), "not ours");
        _store.ForgetBefore(After);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "2026-11-24*"));
        Assert.True(File.Exists(_folder.File("notes.txt")));
        _store.Write([Attempt(1, 2, Midnight)]);
        _store.ForgetBefore(After);
        Assert.Equal([2], Numbers(_store.Read(new DeliveryId(1), Before, After)));
    }

    [Fact]
    public void A_days_file_that_is_damaged_is_left_out_of_what_is_read_and_refused_for_writing()
    {
        File.WriteAllText(_folder.File("2026-11-24.db"), new string('x', 5000));
        _store.Write([Attempt(1, 2, Midnight)]);
        Assert.Equal([2], Numbers(_store.Read(new DeliveryId(1), Before, After)));
        Assert.Throws<StoreException>(() => _store.Write([Attempt(1, 1, Midnight.AddTicks(-1))]));
        _store.Write([Attempt(1, 3, Midnight)]);
        Assert.Equal([2, 3], Numbers(_store.Read(new DeliveryId(1), Before, After)));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static LoggedAttempt Attempt(long delivery, int number, DateTimeOffset at) => new()
    {
        Delivery = new DeliveryId(delivery),
        Number = number,
        At = at,
        Duration = TimeSpan.FromMilliseconds(12),
    };

    private static IEnumerable<int> Numbers(IEnumerable<LoggedAttempt> attempts) => attempts.Select(attempt => attempt.Number);

    private IEnumerable<string?> Files() => Directory.EnumerateFiles(_folder.Path, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
