using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Mtls.P12;
using Sealpost.Storage;
using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>
/// The door for changes of certificates: the store gives a version, the vault takes the key material, the store puts the version in
/// use, then the directory, then whoever reacts. When a call returns, what it replaced or deleted is given out no more. Thread safe.
/// </summary>
internal sealed partial class CertificateRegistry(
    ICertificateStore store, CertificateDirectory directory, CachedVault vault, TimeProvider time, ILogger<CertificateRegistry> log)
{
    // Held over commit and directory: that is what keeps them in one order.
    private readonly Lock _changing = new();

    // What the store could not be told to give up because the disk was full.
    private readonly ConcurrentQueue<VaultPlace> _unsettled = new();
    private Action<VaultPlace> _reactions = static _ => { };

    public CertificateDirectory Directory => directory;

    /// <summary>Has each place told that is not to be used any more, before the call that caused it returns.</summary>
    public void WhenRetired(Action<VaultPlace> reaction)
    {
        lock (_changing)
        {
            _reactions += reaction;
        }
    }

    /// <summary>A new certificate in an account that exists.</summary>
    public async Task<UploadResult> CreateAsync(AccountId account, string name, P12Reading reading, CancellationToken cancellation)
    {
        var id = CertificateId.New();
        return store.Begin(account, id, name) switch
        {
            CertificateBegin.Begun => await SaveAsync(new VaultPlace(account, id.Value, 1), name: null, reading, cancellation),
            CertificateBegin.AccountNotFound => new UploadResult(UploadKind.AccountNotFound),
            CertificateBegin.NameTaken => new UploadResult(UploadKind.NameTaken),
        };
    }

    /// <summary>Another p12 for a certificate, and perhaps another name; the one before is used until this one is in place.</summary>
    public async Task<UploadResult> ReplaceAsync(AccountId account, CertificateId id, string? name, P12Reading reading, CancellationToken cancellation) =>
        store.BeginNext(account, id) is { } version
            ? await SaveAsync(new VaultPlace(account, id.Value, version), name, reading, cancellation)
            : new UploadResult(UploadKind.CertificateNotFound);

    /// <summary>Removes a certificate; null when there is none. Its key material is wiped now, or when the vault is back.</summary>
    public async Task<ClientCertificate?> DeleteAsync(AccountId account, CertificateId id, CancellationToken cancellation)
    {
        if (Remove(account, id) is not { } removed)
        {
            return null;
        }

        Retire(removed.Place);
        LogDeleted(id.Value, account.Value);
        await WipeAsync(cancellation);
        return removed;
    }

    /// <summary>Whether the certificate can be presented now; asks the vault where it has to.</summary>
    public async Task<CertificateStatus> StatusAsync(ClientCertificate certificate, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var isInVault = now < certificate.ExpiresAt && (await vault.FetchAsync(certificate.Place, cancellation)).IsFetched;
        return StatusRules.Of(certificate.ExpiresAt, isInVault, now);
    }

    /// <summary>Wipes from the vault what nothing refers to; what the vault or a full disk does not let be is tried again at the next call.</summary>
    public async Task WipeAsync(CancellationToken cancellation)
    {
        for (var left = _unsettled.Count; left > 0 && _unsettled.TryDequeue(out var place); left--)
        {
            GiveUp(place);
        }

        try
        {
            await WipeLeftoversAsync(cancellation);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            LogNotForgotten(e.Message);
        }
    }

    /// <summary>Remembers which warning ahead of its end was given. False: the disk is full, it is to be tried again.</summary>
    public bool Warned(ClientCertificate certificate, int days)
    {
        try
        {
            lock (_changing)
            {
                if (store.Warned(certificate.Place, days))
                {
                    directory.Put(certificate with { WarnedDays = days });
                }
            }

            return true;
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            return false;
        }
    }

    private async Task WipeLeftoversAsync(CancellationToken cancellation)
    {
        foreach (var leftover in store.Leftovers())
        {
            var answer = await vault.DeleteAsync(leftover, cancellation);
            if (answer.Verdict == VaultVerdict.Done)
            {
                store.Wiped(leftover);
            }
            else
            {
                LogNotWiped(leftover.Path, answer.Detail);
                return;
            }
        }
    }

    private async Task<UploadResult> SaveAsync(VaultPlace place, string? name, P12Reading reading, CancellationToken cancellation)
    {
        var stored = await StoreAsync(place, reading.Material!, cancellation);
        if (stored.Verdict != VaultVerdict.Done)
        {
            LogNotStored(place.Path, stored.Detail);
            return new UploadResult(UploadKind.VaultFailed, Vault: stored);
        }

        var ((inUse, nameTaken), before) = Commit(place, reading.ExpiresAt, name);
        if (inUse is null)
        {
            vault.Forget(place);
            return new UploadResult(nameTaken ? UploadKind.NameTaken : UploadKind.CertificateNotFound);
        }

        if (before is not null && before.Place != inUse.Place)
        {
            Retire(before.Place);
        }

        LogSaved(inUse.Id.Value, inUse.Version, inUse.Account.Value, inUse.ExpiresAt);
        await WipeAsync(CancellationToken.None);
        return new UploadResult(UploadKind.Saved, inUse);
    }

    private (CertificateCommit Commit, ClientCertificate? Before) Commit(VaultPlace place, DateTimeOffset expiresAt, string? name)
    {
        var isDone = false;
        try
        {
            lock (_changing)
            {
                var before = directory.Find(place.Account, new CertificateId(place.Record));
                var commit = store.Commit(place, expiresAt, name);
                isDone = true;
                if (commit.InUse is { } inUse)
                {
                    directory.Put(inUse);
                }

                return (commit, before);
            }
        }
        finally
        {
            if (!isDone)
            {
                vault.Forget(place);
                GiveUp(place);
            }
        }
    }

    private ClientCertificate? Remove(AccountId account, CertificateId id)
    {
        lock (_changing)
        {
            var removed = store.Remove(account, id);
            if (removed is not null)
            {
                directory.Remove(account, id);
            }

            return removed;
        }
    }

    // Whether it is kept there or not: nothing is half kept here, not even when the caller has gone.
    private async Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation)
    {
        var isStored = false;
        try
        {
            var answer = await vault.StoreAsync(place, material, cancellation);
            isStored = answer.Verdict == VaultVerdict.Done;
            return answer;
        }
        finally
        {
            if (!isStored)
            {
                GiveUp(place);
            }
        }
    }

    private void GiveUp(VaultPlace place)
    {
        try
        {
            store.GiveUp(place);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            _unsettled.Enqueue(place);
        }
    }

    private void Retire(VaultPlace place)
    {
        vault.Forget(place);
        _reactions(place);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {Id} of account {Account} is saved in version {Version}, it expires at {ExpiresAt:O}")]
    private partial void LogSaved(long id, int version, string account, DateTimeOffset expiresAt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {Id} of account {Account} is deleted")]
    private partial void LogDeleted(long id, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault did not take {Place}: {Detail}")]
    private partial void LogNotStored(string place, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was wiped from the vault cannot be crossed off, it is tried again: {Detail}")]
    private partial void LogNotForgotten(string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault did not wipe {Place}, it is tried again: {Detail}")]
    private partial void LogNotWiped(string place, string detail);
}
