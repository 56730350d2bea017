using Sealpost.Accounts;
using Sealpost.Protocol.Installs;

namespace Sealpost.Installs;

/// <summary>
/// The door for changes of installs: the store first, then the directory, then whoever reacts, one change after the other in the
/// order of their commits. Thread safe; not to be called inside a write transaction of the store.
/// </summary>
public sealed class InstallRegistry
{
    /// <summary>How long an old secret may go on signing after a rotation (protocol 2).</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(7);

    private readonly IInstallStore _store;
    private readonly InstallDirectory _directory;
    private readonly TimeProvider _time;
    private readonly List<Action<Install?, Install>> _reactions = [];

    // Held over commit, directory and reactions: that is what keeps them in one order.
    private readonly Lock _changing = new();

    internal InstallRegistry(IInstallStore store, InstallDirectory directory, TimeProvider time)
    {
        _store = store;
        _directory = directory;
        _time = time;
    }

    /// <summary>
    /// Has each change told after its commit, with the install before (null: it is new) and after (it may be deleted). The
    /// reaction is quick, such as posting a message, and never calls back.
    /// </summary>
    public void WhenChanged(Action<Install?, Install> reaction)
    {
        lock (_changing)
        {
            _reactions.Add(reaction);
        }
    }

    /// <summary>A new install in an account that exists.</summary>
    public InstallChange Create(AccountId account, Manifest manifest, InstallIdentity identity) => Commit(() => _store.Create(new Install
    {
        Number = 0,
        Account = account,
        ClientId = identity.ClientId,
        Manifest = manifest,
        Secrets = new ClientSecrets(identity.Secret),
        Revision = 1,
        IssuedAt = _time.GetUtcNow(),
        Enabled = manifest.Enabled,
        DisabledReason = manifest.Enabled ? null : DisabledReasons.Manifest,
    }));

    /// <summary>Another manifest. What is stored of an event type that it no longer names becomes dead.</summary>
    public InstallChange Replace(AccountId account, Guid clientId, Manifest manifest, IfMatch condition) =>
        Change(account, clientId, install => InstallRules.Replace(install, manifest, condition));

    /// <summary>The install is gone, what it was owed becomes dead, its client name is free.</summary>
    public InstallChange Delete(AccountId account, Guid clientId, IfMatch condition) =>
        Change(account, clientId, install => InstallRules.Delete(install, condition));

    public InstallChange Enable(AccountId account, Guid clientId) => Change(account, clientId, InstallRules.Enable);

    /// <param name="account">The install's account.</param>
    /// <param name="clientId">The install.</param>
    /// <param name="reason">One of <see cref="DisabledReasons"/>.</param>
    /// <param name="asOf">The revision that was judged; null: whatever it is now.</param>
    public InstallChange Disable(AccountId account, Guid clientId, string reason, long? asOf = null) =>
        Change(account, clientId, install => InstallRules.Disable(install, reason, asOf));

    /// <summary>A new secret; the old one signs until the overlap ends.</summary>
    /// <param name="account">The install's account.</param>
    /// <param name="clientId">The install.</param>
    /// <param name="overlap">From zero (the new one signs at once) to <see cref="MaxOverlap"/>.</param>
    public InstallChange RotateSecret(AccountId account, Guid clientId, TimeSpan overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, MaxOverlap);
        var secret = InstallIdentity.NewSecret();
        return Change(account, clientId, install => InstallRules.Rotate(install, secret, overlap, _time.GetUtcNow()));
    }

    private InstallChange Change(AccountId account, Guid clientId, Func<Install, InstallEdit> edit) =>
        Commit(() => _store.Change(account, clientId, edit));

    private InstallChange Commit(Func<InstallChange> write)
    {
        lock (_changing)
        {
            var change = write();
            if (change is { Kind: InstallChangeKind.Done, After: { } after })
            {
                _directory.Put(after, change.AccountRevision);
                foreach (var reaction in _reactions)
                {
                    reaction(change.Before, after);
                }
            }

            return change;
        }
    }
}
