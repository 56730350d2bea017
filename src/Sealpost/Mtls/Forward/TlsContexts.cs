using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Vault;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// The contexts of all accounts (security, P2, P3): one for each account and version of a certificate, so that no two accounts share a
/// connection even to the same host, and one for each account's requests without a certificate. Bounded: the one unused for longest
/// goes. A certificate that was replaced or deleted is not lent any more, and closes when its last request is answered. Thread safe.
/// </summary>
internal sealed class TlsContexts(CertificateDirectory certificates, ContextOpener opener, TimeProvider time, int mostContexts = TlsContexts.MostContexts) : IDisposable
{
    /// <summary>Some 115 KB each with a connection (security 5.1).</summary>
    public const int MostContexts = 1000;

    private static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    // Held for moments, never while a context is opened or closed.
    private readonly Lock _gate = new();
    private readonly Dictionary<(AccountId Account, VaultPlace? Place), TlsContext> _contexts = [];
    private long? _lastSweep;

    /// <summary>Contexts that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _contexts.Count;
            }
        }
    }

    /// <summary>The context of an account without a certificate.</summary>
    public TlsLease LendPlain(AccountId account) => Lend((account, null), material: null)!;

    /// <summary>The context of a certificate; null: this version is not in use any more.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key material cannot be used.</exception>
    public TlsLease? Lend(ClientCertificate certificate, KeyMaterial material) => Lend((certificate.Account, certificate.Place), material);

    /// <summary>A context for one request with a certificate that is not kept anywhere.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key material cannot be used.</exception>
    public TlsLease LendOnce(KeyMaterial material)
    {
        var context = new TlsContext(context => opener.Open(context, material), presentsCertificate: true);
        _ = context.Invoker;
        return new TlsLease(context, static context => context.Close());
    }

    /// <summary>When this returns, no request begins on the certificate of this place any more.</summary>
    public void Retire(VaultPlace place)
    {
        TlsContext? idle = null;
        lock (_gate)
        {
            if (_contexts.Remove((place.Account, place), out var context))
            {
                context.Retire();
                idle = TakeOut(context);
            }
        }

        idle?.Close();
    }

    /// <summary>Closes what was not used for long. Called every second or so, one call at a time.</summary>
    public Task TurnAsync(CancellationToken cancellation)
    {
        if (_lastSweep is not { } last || time.GetElapsedTime(last) >= SweepInterval)
        {
            _lastSweep = time.GetTimestamp();
            Close(TakeIdle());
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        List<TlsContext> all;
        lock (_gate)
        {
            all = [.. _contexts.Values];
            _contexts.Clear();
        }

        Close(all);
    }

    private TlsLease? Lend((AccountId Account, VaultPlace? Place) key, KeyMaterial? material)
    {
        TlsContext? context, evicted = null;
        lock (_gate)
        {
            // The directory changes before Retire is called: what is in use here is in use, or will be retired.
            if (key.Place is { } place && certificates.Find(place.Account, new CertificateId(place.Record))?.Place != place)
            {
                return null;
            }

            if (!_contexts.TryGetValue(key, out context))
            {
                evicted = _contexts.Count >= mostContexts ? TakeOldest() : null;
                _contexts[key] = context = new TlsContext(context => opener.Open(context, material), material is not null);
            }

            context.Leases++;
            context.UsedAt = time.GetTimestamp();
        }

        evicted?.Close();
        return Opened(key, context);
    }

    private TlsLease Opened((AccountId Account, VaultPlace? Place) key, TlsContext context)
    {
        try
        {
            _ = context.Invoker;
            return new TlsLease(context, GiveBack);
        }
        catch
        {
            // Another may try again with what the vault then says.
            Forget(key, context);
            GiveBack(context);
            throw;
        }
    }

    private void Forget((AccountId Account, VaultPlace? Place) key, TlsContext context)
    {
        lock (_gate)
        {
            if (_contexts.TryGetValue(key, out var present) && present == context)
            {
                _contexts.Remove(key);
                context.IsOut = true;
            }
        }
    }

    private void GiveBack(TlsContext context)
    {
        bool isLast;
        lock (_gate)
        {
            isLast = --context.Leases == 0 && context.IsOut;
        }

        if (isLast)
        {
            context.Close();
        }
    }

    // Under the lock. Gives it back where nobody uses it; else the last lease closes it.
    private static TlsContext? TakeOut(TlsContext context)
    {
        context.IsOut = true;
        return context.Leases == 0 ? context : null;
    }

    // Under the lock. One in use goes only where all are.
    private TlsContext? TakeOldest()
    {
        var oldest = _contexts.MinBy(entry => (entry.Value.Leases > 0, entry.Value.UsedAt));
        _contexts.Remove(oldest.Key);
        return TakeOut(oldest.Value);
    }

    private List<TlsContext> TakeIdle()
    {
        lock (_gate)
        {
            var idle = _contexts.Where(entry => entry.Value.Leases == 0 && time.GetElapsedTime(entry.Value.UsedAt) >= IdleLife).ToList();
            idle.ForEach(entry => _contexts.Remove(entry.Key));
            return [.. idle.Select(entry => TakeOut(entry.Value)!)];
        }
    }

    private static void Close(List<TlsContext> contexts) => contexts.ForEach(context => context.Close());
}
