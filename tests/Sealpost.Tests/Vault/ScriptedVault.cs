using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

/// <summary>A vault that answers as the test says, and counts.</summary>
internal sealed class ScriptedVault : IVault
{
    public Func<VaultPlace, Task<VaultAnswer>> OnFetch { get; set; } = _ => Task.FromResult(new VaultAnswer(VaultVerdict.Absent));

    public VaultAnswer OnWrite { get; set; } = VaultAnswer.Done;

    public int Fetches { get; private set; }

    public int Writes { get; private set; }

    public Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation) => Write();

    public Task<VaultAnswer> FetchAsync(VaultPlace place, CancellationToken cancellation)
    {
        Fetches++;
        return OnFetch(place);
    }

    public Task<VaultAnswer> DeleteAsync(VaultPlace place, CancellationToken cancellation) => Write();

    private Task<VaultAnswer> Write()
    {
        Writes++;
        return Task.FromResult(OnWrite);
    }
}
