using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Where the deliveries of one install begin, newest first. What the memory knows is asked before the snapshot is opened: a delivery
/// that the snapshot does not see yet would be a chain without a first link.
/// </summary>
/// <param name="Install">The install's number.</param>
/// <param name="InstallEnd">Its last delivery; null when it never had one.</param>
/// <param name="LaneEndInMemory">The last delivery of the lane in question, unless that is in its table alone.</param>
internal sealed record ChainStart(int Install, long? InstallEnd, long? LaneEndInMemory)
{
    /// <summary>Those of an account, or of one of its installs, deleted ones too.</summary>
    public static List<ChainStart> Of(SqliteConnection connection, int account, string? clientId, long? conversationKey, DeliveryEnds ends) =>
    [
        .. connection.Query<int>(
                clientId is null
                    ? "SELECT number FROM installs WHERE account=@account"
                    : "SELECT number FROM installs WHERE client_id=@clientId AND account=@account",
                new { account, clientId })
            .Select(install => new ChainStart(
                install, ends.LastOf(install), conversationKey is { } key ? ends.LastOf(new LaneKey(install, key)) : null)),
    ];

    /// <summary>The last delivery of a lane of the install.</summary>
    public long? LaneEnd(sqlite3 db, long conversationKey) =>
        LaneEndInMemory ?? EndRows.Find(db, new LaneKey(Install, conversationKey))?.Delivery;
}
