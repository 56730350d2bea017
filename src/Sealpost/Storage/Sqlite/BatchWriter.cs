using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>Writes a ledger's batch inside a transaction.</summary>
/// <param name="db">The writing connection.</param>
/// <param name="ends">Knows what stands before each delivery.</param>
internal sealed class BatchWriter(sqlite3 db, DeliveryEnds ends) : IDisposable
{
    private readonly Statement _notification = new(
        db, "INSERT INTO notifications(id, account, event_type, conversation, accepted_at, line, body) VALUES(?1,?2,?3,?4,?5,?6,?7)");

    private readonly Statement _delivery = new(
        db,
        """
        INSERT INTO deliveries(
          id, install, notification, conversation_key, sequence, event_type, bytes, accepted_at, state, attempts, lane_previous, install_previous,
          replay_of)
        VALUES(?1,?2,?3,?4,?5,?6,?7,?8,0,0,?9,?10,?11)
        """);

    // A delivery that is done stays done: a removal may have marked it dead while its last attempt was in flight, and only that
    // attempt's success may say otherwise.
    private readonly Statement _outcome = new(
        db,
        """
        UPDATE deliveries SET state=?2, attempts=?3, due_at=?4, completed_at=?5, duration=?6, route=?7, last_status=?8, last_error=?9, reason=?10
        WHERE id=?1 AND (state<2 OR ?2=2)
        """);

    private readonly Statement _death = new(
        db, "UPDATE deliveries SET state=3, attempts=?2, due_at=NULL, completed_at=?3, reason=?4 WHERE id=?1 AND state<2");

    private readonly Statement _answer = new(
        db, "INSERT OR REPLACE INTO idempotency(account, key, body_hash, answer, expires_at) VALUES(?1,?2,?3,?4,?5)");

    private readonly Statement _replay = new(
        db, "UPDATE replays SET last_id=?2, done=done+?3, skipped=skipped+?4 WHERE id=?1");

    private readonly StandingRows _standings = new(db);

    public void Write(LedgerBatch batch)
    {
        foreach (var n in batch.Notifications)
        {
            _notification.Bind(1, n.Id).Bind(2, n.Account).Bind(3, n.EventType).Bind(4, n.Conversation)
                .Bind(5, n.AcceptedAt).Bind(6, n.Line).Bind(7, n.Body.Span).Run();
        }

        foreach (var d in batch.Deliveries)
        {
            var (inLane, ofInstall) = ends.Append(new LaneKey(d.Install, d.ConversationKey), new LaneEnd(d.Sequence, d.Id));
            _delivery.Bind(1, d.Id).Bind(2, d.Install).Bind(3, d.Notification).Bind(4, d.ConversationKey)
                .Bind(5, d.Sequence).Bind(6, d.EventType).Bind(7, d.Bytes).Bind(8, d.AcceptedAt).Bind(9, inLane).Bind(10, ofInstall)
                .Bind(11, d.ReplayOf).Run();
        }

        ends.WriteBehind();

        foreach (var record in batch.Records.Outcomes)
        {
            Write(record);
        }

        foreach (var (install, standing) in batch.Records.Standings)
        {
            _standings.Write(install, standing);
        }

        foreach (var replay in batch.Replays)
        {
            _replay.Bind(1, replay.Job).Bind(2, replay.Through).Bind(3, (long)replay.Done).Bind(4, (long)replay.Skipped).Run();
        }

        foreach (var answer in batch.Answers)
        {
            _answer.Bind(1, answer.Account).Bind(2, answer.Key.Key).Bind(3, answer.Key.BodyHash)
                .Bind(4, AnswerFormat.Write(answer.Acceptance)).Bind(5, answer.ExpiresAt).Run();
        }
    }

    public void Dispose()
    {
        _notification.Dispose();
        _delivery.Dispose();
        _outcome.Dispose();
        _death.Dispose();
        _answer.Dispose();
        _replay.Dispose();
        _standings.Dispose();
    }

    // What an earlier attempt left (status, error) stays when a delivery dies without a further one.
    private void Write(OutcomeRecord record)
    {
        if (record.Outcome is not { } outcome)
        {
            _death.Bind(1, record.Delivery).Bind(2, record.Attempts).Bind(3, record.At).Bind(4, record.Reason?.ToWire()).Run();
            return;
        }

        var isDone = record.State is DeliveryState.Delivered or DeliveryState.Dead;
        _outcome.Bind(1, record.Delivery).Bind(2, (long)record.State).Bind(3, record.Attempts).Bind(4, record.DueAt)
            .Bind(5, isDone ? record.At : null).Bind(6, (long)outcome.Duration.TotalMilliseconds).Bind(7, (long)outcome.Route)
            .Bind(8, outcome.Status).Bind(9, outcome.Error).Bind(10, record.Reason?.ToWire()).Run();
    }
}
