using System.Collections.Concurrent;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Storage;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Mtls.Certificates;

/// <summary>A real store that writes down what it is asked, and whose disk is full when the test says so.</summary>
internal sealed class WatchedStore(ICertificateStore store, ConcurrentQueue<string> steps) : ICertificateStore
{
    public bool IsFull { get; set; }

    /// <summary>Runs once a version is in use in the store, before anybody knows.</summary>
    public Action Committed { get; set; } = static () => { };

    public IReadOnlyList<ClientCertificate> Load() => store.Load();

    public CertificateBegin Begin(AccountId account, CertificateId id, string name) => Step("begin 1", () => store.Begin(account, id, name));

    public int? BeginNext(AccountId account, CertificateId id)
    {
        var version = store.BeginNext(account, id);
        return Step($"begin {version}", () => version);
    }

    public CertificateCommit Commit(VaultPlace place, DateTimeOffset expiresAt, string? name)
    {
        var commit = Step($"commit {place.Version}", () => store.Commit(place, expiresAt, name));
        Committed();
        return commit;
    }

    public void GiveUp(VaultPlace place) => Step($"give up {place.Version}", () =>
    {
        store.GiveUp(place);
        return true;
    });

    public bool Warned(VaultPlace place, int days) => Step($"warned {days}", () => store.Warned(place, days));

    public ClientCertificate? Remove(AccountId account, CertificateId id) => Step("remove", () => store.Remove(account, id));

    public IReadOnlyList<VaultPlace> Leftovers() => store.Leftovers();

    public void Wiped(VaultPlace leftover) => Step($"wiped {leftover.Version}", () =>
    {
        store.Wiped(leftover);
        return true;
    });

    private T Step<T>(string step, Func<T> work)
    {
        steps.Enqueue(step);
        return IsFull ? throw new StoreException(StoreFault.Full, "the disk is full") : work();
    }
}
