using Sealpost.Accounts;

namespace Sealpost.Installs;

/// <summary>Keeps installs, their secrets sealed. Each method is one transaction.</summary>
internal interface IInstallStore
{
    /// <summary>Every account with its revision and its installs, deleted ones left out.</summary>
    IReadOnlyList<StoredInstalls> Load();

    /// <summary>Keeps a new install, numbers it, and counts the account's revision up.</summary>
    /// <param name="install">The install; its number is the store's to give.</param>
    /// <returns>Done, client name taken, client id taken (by a deleted install too), or account not found.</returns>
    InstallChange Create(Install install);

    /// <summary>
    /// Reads an install, lets <paramref name="edit"/> decide, and keeps what it made of it. The event types that it lost, or all of
    /// them when it is deleted, go to the removals: with the largest delivery id of this moment, a deletion with the largest of all.
    /// </summary>
    /// <param name="account">The install's account.</param>
    /// <param name="clientId">The install.</param>
    /// <param name="edit">Called inside the transaction: pure and quick.</param>
    /// <returns>What the edit decided, client name taken, or install not found.</returns>
    InstallChange Change(AccountId account, Guid clientId, Func<Install, InstallEdit> edit);
}

/// <summary>One account's installs as they are kept.</summary>
internal sealed record StoredInstalls(AccountId Account, long Revision, IReadOnlyList<Install> Installs);
