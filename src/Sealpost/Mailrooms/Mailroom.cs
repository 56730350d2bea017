using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>
/// One account's outboxes and what it is owed in all. There is exactly one live instance for an account in the whole system:
/// whoever holds it is the account's single writer.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Mailroom(AccountId account, Desk desk)
{
    private readonly Dictionary<int, Outbox> _outboxes = [];

    public AccountId Account { get; } = account;

    public PendingTotals Totals { get; } = new();

    /// <summary>MTLS takes no more of the account for now.</summary>
    public MtlsPause Pause { get; } = new();

    public IEnumerable<Outbox> Outboxes => _outboxes.Values;

    /// <summary>The install's outbox; a new one for an install not seen before.</summary>
    public Outbox OutboxOf(Install install)
    {
        if (!_outboxes.TryGetValue(install.Number, out var outbox))
        {
            _outboxes.Add(install.Number, outbox = new Outbox(install, Totals, Pause, desk));
        }

        return outbox;
    }
}
