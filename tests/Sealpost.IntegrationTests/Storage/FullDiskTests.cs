using Sealpost.Mailrooms;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class FullDiskTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public void A_full_disk_refuses_the_whole_batch_and_takes_batches_again_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        File.WriteAllBytes(disk.File("ballast"), new byte[3 * Megabyte]);
        using var database = SqliteDatabase.Open(disk.File("sealpost.db"));
        var eventTypes = new EventTypeNumbers(database);
        using var ledger = new SqliteLedgerStore(database, eventTypes);
        using var backlog = new SqliteBacklogStore(database, eventTypes);
        var type = ledger.EventTypeNumber("t.One");

        var kept = 0;
        var refused = Assert.Throws<StoreException>(() =>
        {
            for (; kept < 100; kept++)
            {
                ledger.Commit(BatchOf(kept, type));
            }
        });

        Assert.Equal(StoreFault.Full, refused.Fault);
        Assert.Equal(StoreFault.Full, Assert.Throws<StoreException>(() => ledger.Commit(BatchOf(kept, type))).Fault);
        Assert.Equal(kept, backlog.ReadPage(1, 0, 1000).Count);
        File.Delete(disk.File("ballast"));
        ledger.Probe();
        ledger.Commit(BatchOf(kept, type));
        Assert.Equal(kept + 1, backlog.ReadPage(1, 0, 1000).Count);
    }

    private static LedgerBatch BatchOf(int number, int type)
    {
        var batch = new LedgerBatch();
        var (notification, delivery) = ((2 * number) + 1L, (2 * number) + 2L);
        batch.Notifications.Add(new NotificationRow(notification, 1, type, "talk", DateTimeOffset.UnixEpoch, null, new byte[Megabyte]));
        batch.Deliveries.Add(new DeliveryRow(delivery, 1, notification, 7, number + 1, type, Megabyte, DateTimeOffset.UnixEpoch));
        return batch;
    }
}
