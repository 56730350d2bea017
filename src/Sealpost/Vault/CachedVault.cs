namespace Sealpost.Vault;

/// <summary>
/// The room's door: a vault with what was fetched from it kept in memory, so that a forward need not ask, and goes on for
/// <c>Mtls:VaultMaxStale</c> while the vault cannot be reached. After that nothing is given out (fail closed). One request for one
/// place at a time. Thread safe.
/// </summary>
internal sealed class CachedVault(IVault vault, StaleRules rules, VaultWatch watch, TimeProvider time)
{
    /// <summary>Certificates kept in memory at most; some 6 KB each.</summary>
    private const int MostEntries = 4096;

    /// <summary>Places asked for at the same time when many are confirmed.</summary>
    private const int MostAtOnce = 8;

    // Held for moments, never while the vault is asked.
    private readonly Lock _changing = new();
    private readonly Dictionary<VaultPlace, Entry> _entries = [];
    private readonly Dictionary<VaultPlace, Asking> _asking = [];

    /// <summary>The key material, fetched or remembered; else why it cannot be had, and then it must not be done without.</summary>
    public Task<VaultAnswer> FetchAsync(VaultPlace place, CancellationToken cancellation)
    {
        var entry = Find(place);
        switch (entry is null ? StaleVerdict.TooOld : rules.Judge(time.GetElapsedTime(entry.ConfirmedAt)))
        {
            case StaleVerdict.Fresh:
                return Task.FromResult(entry!.Answer);
            case StaleVerdict.Aging:
                // Its outcome is in the entries; nobody waits for it.
                _ = AskAsync(place);
                return Task.FromResult(entry!.Answer);
            case StaleVerdict.TooOld:
            default:
                return AskAsync(place).WaitAsync(cancellation);
        }
    }

    public async Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation)
    {
        var answer = watch.Outage ?? Heard(await vault.StoreAsync(place, material, cancellation));
        if (answer.Verdict == VaultVerdict.Done)
        {
            Keep(place, material);
        }

        return answer;
    }

    /// <summary>Forgets the place at once, whatever the vault answers.</summary>
    public async Task<VaultAnswer> DeleteAsync(VaultPlace place, CancellationToken cancellation)
    {
        Forget(place);
        return watch.Outage ?? Heard(await vault.DeleteAsync(place, cancellation));
    }

    /// <summary>Nothing of the place is given out from memory any more, not even what is being fetched now.</summary>
    public void Forget(VaultPlace place)
    {
        lock (_changing)
        {
            _asking.Remove(place);
            _entries.Remove(place);
        }
    }

    /// <summary>Confirms what is aging, so that an outage finds all of it young. Called every second or so, one call at a time.</summary>
    public Task ConfirmAsync(CancellationToken cancellation) => watch.Outage is not null
        ? Task.CompletedTask
        : Parallel.ForEachAsync(
            NotFresh(),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation },
            async (place, stop) => await AskAsync(place).WaitAsync(stop));

    private Task<VaultAnswer> AskAsync(VaultPlace place)
    {
        if (watch.Outage is { } outage)
        {
            return Task.FromResult(outage);
        }

        lock (_changing)
        {
            if (!_asking.TryGetValue(place, out var asking))
            {
                _asking[place] = asking = new Asking();
                asking.Answer = AskVaultAsync(place, asking);
            }

            return asking.Answer;
        }
    }

    // Nobody's cancellation: others wait for the same answer. The vault's own deadlines end it.
    private async Task<VaultAnswer> AskVaultAsync(VaultPlace place, Asking asking)
    {
        // Not inside the caller's lock.
        await Task.Yield();
        VaultAnswer? answer = null;
        try
        {
            answer = Heard(await vault.FetchAsync(place, CancellationToken.None));
            return answer;
        }
        finally
        {
            Settle(place, asking, answer);
        }
    }

    private void Settle(VaultPlace place, Asking asking, VaultAnswer? answer)
    {
        lock (_changing)
        {
            // Where it is no longer this that is asked, the place was forgotten meanwhile.
            if (!_asking.TryGetValue(place, out var present) || present != asking)
            {
                return;
            }

            _asking.Remove(place);
            if (answer is { IsFetched: true })
            {
                Keep(place, answer.Material!);
            }
            else if (answer is { IsOutage: false })
            {
                _entries.Remove(place);
            }
        }
    }

    private VaultAnswer Heard(VaultAnswer answer)
    {
        watch.Heard(answer);
        return answer;
    }

    private Entry? Find(VaultPlace place)
    {
        lock (_changing)
        {
            if (_entries.GetValueOrDefault(place) is not { } entry)
            {
                return null;
            }

            entry.UsedAt = time.GetTimestamp();
            return entry;
        }
    }

    private void Keep(VaultPlace place, KeyMaterial material)
    {
        var now = time.GetTimestamp();
        lock (_changing)
        {
            if (_entries.Count >= MostEntries && !_entries.ContainsKey(place))
            {
                _entries.Remove(_entries.MinBy(entry => entry.Value.UsedAt).Key);
            }

            _entries[place] = new Entry(VaultAnswer.Done with { Material = material }, now) { UsedAt = now };
        }
    }

    private List<VaultPlace> NotFresh()
    {
        lock (_changing)
        {
            return [.. _entries
                .Where(entry => rules.Judge(time.GetElapsedTime(entry.Value.ConfirmedAt)) != StaleVerdict.Fresh)
                .Select(entry => entry.Key)];
        }
    }

    private sealed class Entry(VaultAnswer answer, long confirmedAt)
    {
        public VaultAnswer Answer { get; } = answer;

        public long ConfirmedAt { get; } = confirmedAt;

        public long UsedAt { get; set; }
    }

    private sealed class Asking
    {
        public Task<VaultAnswer> Answer { get; set; } = Task.FromCanceled<VaultAnswer>(new CancellationToken(canceled: true));
    }
}
