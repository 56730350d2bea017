namespace Sealpost.Outboxes;

/// <summary>
/// How an outbox reads its backlog back: it asks for a page or a lane when there is room, says which bodies of a page it will
/// take, and puts what comes back into the lanes.
/// </summary>
/// <remarks>
/// Between asking and the answer, deliveries may have been accepted, finished, unloaded or removed. So every row is judged anew
/// when it arrives: only <see cref="StoredLanes.Holds"/> says that it is still to be loaded.
/// </remarks>
internal static class BacklogReading
{
    /// <summary>Asks for due retries and for the next page, if there are any, and room for them.</summary>
    public static void ReadOn(this Outbox outbox)
    {
        if (!outbox.CanRead)
        {
            return;
        }

        outbox.Retries.ReadOn(outbox);
        var backlog = outbox.Backlog;
        if (backlog.IsReading || !backlog.HasMore)
        {
            return;
        }

        // Starts when a quarter of its allowance is free and goes on until it is used: few, full pages.
        backlog.IsFilling |= outbox.Desk.Window.RoomFor(outbox.HeldBytes) >= outbox.HeldBytes / 3;
        if (backlog.IsFilling && outbox.HasRoomFor(Math.Max(1, backlog.BytesWanted)))
        {
            outbox.Desk.Reads.Enqueue(backlog.BeginPage(outbox));
        }
    }

    /// <summary>Asks for the lane's own stored deliveries if the cursor has passed them, and goes on with the outbox.</summary>
    public static void ReadOn(this Outbox outbox, Lane lane)
    {
        // It asks for more when a quarter of what it may hold is left.
        var perLane = outbox.Desk.Window.PerLane;
        var isWanting = !lane.IsRefilling && lane.Count <= perLane / 4 && !lane.Passed.IsEmpty;
        if (isWanting && outbox.CanRead)
        {
            lane.IsRefilling = true;
            outbox.Desk.Reads.Enqueue(new LaneRead(lane, lane.Passed.Next(perLane), outbox.Backlog.Epoch));
        }

        outbox.ReadOn();
    }

    /// <summary>The rows of a page whose bodies are worth reading.</summary>
    public static List<long> Choose(this Outbox outbox, PageRead page, IReadOnlyList<BacklogRow> rows, DateTimeOffset now)
    {
        var chosen = new List<long>();
        if (!outbox.Backlog.Awaits(page))
        {
            return chosen;
        }

        var perLane = new Dictionary<long, int>();
        var room = outbox.Desk.Window.RoomFor(outbox.HeldBytes);
        foreach (var row in rows)
        {
            ref var more = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(perLane, row.ConversationKey, out _);
            var fate = Judge(outbox, row, more, now);
            if (fate != RowFate.Load)
            {
                // Behind a head that is held, nothing of its lane is taken.
                more = fate == RowFate.Hold ? outbox.Desk.Window.PerLane : more;
                continue;
            }

            room -= row.Bytes;
            if (room < 0 && chosen.Count > 0)
            {
                break;
            }

            more++;
            chosen.Add(row.Id);
        }

        return chosen;
    }

    /// <summary>Takes a page that has been read: loads, passes, or stops where room or a body is missing.</summary>
    public static void Apply(
        this Outbox outbox, PageRead page, IReadOnlyList<BacklogRow> rows, IReadOnlyDictionary<long, StoredDelivery> bodies, DateTimeOffset now)
    {
        var backlog = outbox.Backlog;
        if (!backlog.Awaits(page))
        {
            return;
        }

        backlog.EndPage();
        foreach (var row in rows)
        {
            var fate = Judge(outbox, row, more: 0, now);
            if (fate == RowFate.Load)
            {
                var hasRoom = outbox.HasRoomFor(row.Bytes);
                if (!hasRoom || !bodies.TryGetValue(row.Id, out var delivery))
                {
                    backlog.IsFilling = hasRoom;
                    backlog.BytesWanted = hasRoom ? 0 : row.Bytes;
                    outbox.ReadOn();
                    return;
                }

                backlog.Lanes.Take(row.ConversationKey, row.Sequence);
                outbox.Load(delivery.ToPending(outbox.Install.Manifest.RetentionTime is null), now);
            }
            else if (fate == RowFate.LeaveToLane)
            {
                outbox.LaneOf(row.ConversationKey)!.Passed.Add(row.Id);
            }
            else if (fate == RowFate.Hold)
            {
                outbox.HoldBack(row, now);
            }

            backlog.Pass(row.Id);
        }

        if (rows.Count < page.Rows)
        {
            backlog.Pass(page.ThroughId);
        }

        outbox.ReadOn();
    }

    /// <summary>Takes a lane's own deliveries that have been read.</summary>
    public static void Apply(this Outbox outbox, LaneRead read, IReadOnlyList<StoredDelivery> deliveries, DateTimeOffset now)
    {
        var lane = read.Lane;
        if (read.Epoch != outbox.Backlog.Epoch || outbox.LaneOf(lane.Key) != lane)
        {
            return;
        }

        var isFull = false;
        var found = deliveries.ToDictionary(delivery => delivery.Id);
        foreach (var id in read.Deliveries)
        {
            if (!found.TryGetValue(id, out var delivery) || !outbox.Backlog.Lanes.Holds(lane.Key, delivery.Sequence))
            {
                lane.Passed.Take(id);
                continue;
            }

            // An empty lane takes one in any case: only its own deliveries' ends make it ask again.
            isFull = lane.Count > 0 && (lane.Count >= outbox.Desk.Window.PerLane || !outbox.HasRoomFor(delivery.Body.Length));
            if (isFull)
            {
                break;
            }

            lane.Passed.Take(id);
            outbox.Backlog.Lanes.Take(lane.Key, delivery.Sequence);
            outbox.Load(delivery.ToPending(outbox.Install.Manifest.RetentionTime is null), now);
            if (outbox.LaneOf(lane.Key) != lane)
            {
                // It is held: all of it is only stored again.
                return;
            }
        }

        lane.IsRefilling = false;
        outbox.LetGo(lane);
        if (isFull)
        {
            // It asks again when one of its own is done; asking now would find the same.
            outbox.ReadOn();
        }
        else
        {
            outbox.ReadOn(lane);
        }
    }

    // What becomes of a row; `more` are rows of its lane that this page has already chosen.
    private static RowFate Judge(Outbox outbox, BacklogRow row, int more, DateTimeOffset now)
    {
        var backlog = outbox.Backlog;
        if (!backlog.Lanes.Holds(row.ConversationKey, row.Sequence) || backlog.Held.Contains(row.ConversationKey))
        {
            return RowFate.Pass;
        }

        var lane = outbox.LaneOf(row.ConversationKey);
        var isFull = (lane?.Count ?? 0) + more >= outbox.Desk.Window.PerLane;
        if (lane is null && more == 0 && !outbox.CanGoOn(row.EventType, row.AcceptedAt, now))
        {
            return RowFate.Hold;
        }

        return lane is not null && (isFull || !lane.Passed.IsEmpty) ? RowFate.LeaveToLane : isFull ? RowFate.Pass : RowFate.Load;
    }

    private enum RowFate
    {
        /// <summary>Not a stored delivery any more, or of a lane that is held: nothing to do.</summary>
        Pass,

        Load,

        /// <summary>Its lane has no room: it reads the row back by itself later.</summary>
        LeaveToLane,

        /// <summary>It is its lane's head and has no way: the lane is held.</summary>
        Hold,
    }
}
