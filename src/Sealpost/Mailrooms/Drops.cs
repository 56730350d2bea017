using Sealpost.Deliveries;
using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Mailrooms;

/// <summary>Drops pending deliveries at an operator's wish (protocol 4): durable at once, carried through by the ledger's chores.</summary>
internal sealed class Drops(AllMailrooms mailrooms, ILedgerStore store, LedgerChores chores, Action wake)
{
    /// <summary>Begins to drop a delivery; false when it is not pending.</summary>
    /// <param name="install">Whose delivery.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="end">Ends when it is dead, or delivered where its attempt was in flight and succeeded.</param>
    public bool TryDrop(int install, DeliveryId delivery, out Task end)
    {
        var removal = new Removal(install, EventType: null, delivery.Value, delivery.Value, DeadReason.DroppedByOperator);
        end = chores.WhenEnded(removal);
        if (!store.AddRemoval(removal))
        {
            return false;
        }

        Begin(removal);
        return true;
    }

    /// <summary>Drops the pending deliveries of a lane between two, both included. Ends when each is dead, or delivered where its attempt was in flight and succeeded.</summary>
    public Task DropLane(int install, long conversationKey, DeliveryId first, DeliveryId last)
    {
        var removal = new Removal(install, EventType: null, first.Value, last.Value, DeadReason.DroppedByOperator, conversationKey);
        var end = chores.WhenEnded(removal);
        store.AddRemoval(removal);
        Begin(removal);
        return end;
    }

    private void Begin(Removal removal)
    {
        mailrooms.Remove(removal);
        chores.Add([removal]);
        wake();
    }
}
