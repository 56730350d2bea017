using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Installs;

namespace Sealpost.Operations;

/// <summary>
/// Writes down in the audit what is nobody's call (protocol 4): operational events, and what the service does to installs by its own rules:
/// it disables slow apps.
/// </summary>
internal sealed class OwnActs(AuditBook audit, AccountDirectory accounts)
{
    /// <summary>Takes a committed change of an install; never waits.</summary>
    public void Changed(Install? before, Install after)
    {
        if (before is not { Enabled: true } || after is not { Enabled: false, Deleted: false, DisabledReason: DisabledReasons.SlowEndpoint })
        {
            return;
        }

        audit.Post(Entry(after.Account, "installs.disable", after.ClientIdText, $"{after.Manifest.ClientName}, now revision {after.Revision}") with
        {
            Code = DisabledReasons.SlowEndpoint,
        });
    }

    /// <summary>Takes an operational event; never waits.</summary>
    public void Told(OperationalEvent told) => audit.Post(Entry(told.Account, told.Type, told.Subject, told.Details));

    private AuditEntry Entry(AccountId account, string action, string target, string detail) => new()
    {
        Account = accounts.TryGetNumber(account, out var number) ? number : 0,
        At = audit.Now,
        LastAt = audit.Now,
        Actor = AuditActor.Service,
        Action = action,
        Target = target,
        Outcome = ActOutcome.Done,
        Status = 0,
        Detail = detail,
    };
}
