using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Installs;

namespace Sealpost.Operations;

/// <summary>Writes down in the audit what the service does to installs by its own rules: it disables slow apps.</summary>
internal sealed class OwnActs(AuditBook audit, AccountDirectory accounts)
{
    /// <summary>Takes a committed change of an install; never waits.</summary>
    public void Changed(Install? before, Install after)
    {
        if (before is not { Enabled: true } || after is not { Enabled: false, Deleted: false, DisabledReason: DisabledReasons.SlowEndpoint })
        {
            return;
        }

        audit.Post(new AuditEntry
        {
            Account = accounts.TryGetNumber(after.Account, out var number) ? number : 0,
            At = audit.Now,
            LastAt = audit.Now,
            Actor = AuditActor.Service,
            Action = "installs.disable",
            Target = after.ClientIdText,
            Outcome = ActOutcome.Done,
            Status = 0,
            Code = DisabledReasons.SlowEndpoint,
            Detail = $"{after.Manifest.ClientName}, now revision {after.Revision}",
        });
    }
}
