using Dapper;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mailrooms;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>Generations are small here, so that ends are in each of their places: in memory, being written, and in the table alone.</summary>
public sealed class DeliveryEndsTests : IDisposable
{
    private const int Generation = 256;
    private const int Lanes = 600;

    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly Random _random = new(7);
    private readonly Dictionary<LaneKey, LaneEnd> _lanes = [];
    private readonly Dictionary<int, long> _installs = [];
    private readonly List<(long Id, long? InLane, long? OfInstall)> _expected = [];
    private SqliteLedgerStore _ledger;
    private long _lastId = 100;

    public DeliveryEndsTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _ledger = Open();
    }

    [Fact]
    public void Every_lane_counts_on_and_every_delivery_knows_the_one_before_it_across_crashes()
    {
        for (var commit = 1; commit <= 150; commit++)
        {
            _ledger.Commit(Batch(_random.Next(1, 60)));
            if (commit % 10 == 0)
            {
                // Nothing is handed on: what was only in memory is lost.
                _ledger = commit % 20 == 0 ? Open() : _ledger;
                Assert.All(_lanes, lane => Assert.Equal(lane.Value.Sequence, _ledger.LastSequence(lane.Key.Install, lane.Key.Conversation)));
                Assert.All(_installs, install => Assert.Equal(install.Value, _ledger.Ends.LastOf(install.Key)));
            }
        }

        Assert.Equal(_expected, _database.Read(connection =>
            connection.Query<(long, long?, long?)>("SELECT id, lane_previous, install_previous FROM deliveries ORDER BY id").AsList()));
    }

    [Fact]
    public void A_batch_that_was_not_kept_leaves_every_end_where_it_was()
    {
        _ledger.Commit(Batch(40));
        var lane = _lanes.First();
        var (lanes, installs) = (new Dictionary<LaneKey, LaneEnd>(_lanes), new Dictionary<int, long>(_installs));
        var refused = Batch(40);
        refused.Deliveries.Add(refused.Deliveries[0]);

        Assert.Throws<StoreException>(() => _ledger.Commit(refused));
        Assert.All(lanes, end => Assert.Equal(end.Value.Sequence, _ledger.LastSequence(end.Key.Install, end.Key.Conversation)));
        Assert.All(installs, end => Assert.Equal(end.Value, _ledger.Ends.LastOf(end.Key)));
        Assert.Equal(lane.Value.Delivery, _ledger.Ends.LastOf(lane.Key));
    }

    [Fact]
    public void Ends_are_written_some_with_each_commit_and_the_mark_moves_when_a_generation_is_through()
    {
        _ledger.Commit(Batch(Generation));
        Assert.Equal((0, null), Written());
        _ledger.Commit(Batch(10));
        Assert.Equal((20, null), Written());
        var through = _lastId - 20;
        for (var commit = 0; commit < 12; commit++)
        {
            _ledger.Commit(Batch(10));
        }

        Assert.InRange(Written().Rows, 100, Generation);
        Assert.Equal(through, Written().Through);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private SqliteLedgerStore Open() => new(_database, new EventTypeNumbers(_database), Generation);

    private LedgerBatch Batch(int deliveries)
    {
        var batch = new LedgerBatch();
        for (var i = 0; i < deliveries; i++)
        {
            var lane = new LaneKey(_random.Next(1, 5), _random.Next(-Lanes / 8, Lanes / 8));
            var (notification, id) = (++_lastId, ++_lastId);
            var end = new LaneEnd(_lanes.GetValueOrDefault(lane).Sequence + 1, id);
            batch.Notifications.Add(new NotificationRow(notification, 1, 1, "talk", DateTimeOffset.UnixEpoch, null, new byte[1]));
            batch.Deliveries.Add(new DeliveryRow(id, lane.Install, notification, lane.Conversation, end.Sequence, 1, 1, DateTimeOffset.UnixEpoch));
            _expected.Add((id, Known(_lanes.GetValueOrDefault(lane).Delivery), Known(_installs.GetValueOrDefault(lane.Install))));
            (_lanes[lane], _installs[lane.Install]) = (end, id);
        }

        return batch;
    }

    private (int Rows, long? Through) Written() => _database.Read(connection => (
        connection.ExecuteScalar<int>("SELECT count(*) FROM lane_ends"),
        connection.ExecuteScalar<long?>("SELECT value FROM meta WHERE key='ends_through'")));

    private static long? Known(long id) => id == 0 ? null : id;
}
