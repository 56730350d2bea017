using Sealpost.Deliveries;
using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Mailrooms;

/// <summary>Drops a pending delivery at an operator's wish (protocol 4): durable at once, carried through by the ledger's chores.</summary>
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

        mailrooms.Remove(removal);
        chores.Add([removal]);
        wake();
        return true;
    }
}
