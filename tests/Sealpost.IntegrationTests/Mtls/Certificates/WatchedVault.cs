using System.Collections.Concurrent;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Mtls.Certificates;

/// <summary>A vault in memory that writes down what it is asked, and answers as the test says.</summary>
internal sealed class WatchedVault(ConcurrentQueue<string> steps) : IVault
{
    private readonly ConcurrentDictionary<VaultPlace, KeyMaterial> _kept = new();

    /// <summary>Runs before something is stored.</summary>
    public Func<VaultPlace, Task> Storing { get; set; } = _ => Task.CompletedTask;

    /// <summary>What it answers instead of doing its work; null: it does it.</summary>
    public VaultAnswer? Trouble { get; set; }

    public IEnumerable<VaultPlace> Kept => _kept.Keys;

    public void Lose(VaultPlace place) => _kept.TryRemove(place, out _);

    public async Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation)
    {
        steps.Enqueue($"vault stores {place.Version}");
        await Storing(place);
        cancellation.ThrowIfCancellationRequested();
        if (Trouble is null)
        {
            _kept[place] = material;
        }

        return Trouble ?? VaultAnswer.Done;
    }

    public Task<VaultAnswer> FetchAsync(VaultPlace place, CancellationToken cancellation)
    {
        steps.Enqueue($"vault fetches {place.Version}");
        return Task.FromResult(Trouble ?? (_kept.TryGetValue(place, out var material)
            ? VaultAnswer.Done with { Material = material }
            : new VaultAnswer(VaultVerdict.Absent, "nothing there")));
    }

    public Task<VaultAnswer> DeleteAsync(VaultPlace place, CancellationToken cancellation)
    {
        steps.Enqueue($"vault wipes {place.Version}");
        if (Trouble is null)
        {
            Lose(place);
        }

        return Task.FromResult(Trouble ?? VaultAnswer.Done);
    }
}
