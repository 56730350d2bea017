using Sealpost.Accounts;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Vault;

/// <summary>What every vault keeps.</summary>
public abstract class VaultContract
{
    private protected static readonly KeyMaterial Material = TestMaterial.New("one");
    private protected static readonly KeyMaterial Other = TestMaterial.NewRsa();

    // Of this test alone: a real server keeps what earlier runs left.
    private readonly AccountId _account = AccountId.Parse("a-" + Guid.NewGuid().ToString("N")[..12]);

    private protected abstract IVault Vault { get; }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_comes_back_as_it_was()
    {
        Assert.Equal(VaultVerdict.Done, (await Store(Place(), Material)).Verdict);
        Assert.Equal(Material, (await Fetch(Place())).Material);
    }

    [Fact]
    public async Task Material_without_a_chain_comes_back_too()
    {
        await Store(Place(), Other);
        Assert.Equal(Other, (await Fetch(Place())).Material);
    }

    [Fact]
    public async Task Versions_records_and_accounts_do_not_touch_each_other()
    {
        await Store(Place(), Material);
        await Store(Place(version: 2), Other);
        await Store(Place(record: 8), Other);
        Assert.Equal(Material, (await Fetch(Place())).Material);
        Assert.Equal(VaultVerdict.Absent, (await Fetch(Place(version: 3))).Verdict);
        Assert.Equal(VaultVerdict.Absent, (await Fetch(Place() with { Account = AccountId.Parse("b") })).Verdict);
    }

    [Fact]
    public async Task A_place_is_written_once_and_the_same_may_be_written_again()
    {
        await Store(Place(), Material);
        Assert.Equal(VaultVerdict.Done, (await Store(Place(), Material)).Verdict);
        Assert.Equal(VaultVerdict.Conflict, (await Store(Place(), Other)).Verdict);
        Assert.Equal(Material, (await Fetch(Place())).Material);
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_its_place_is_as_good_as_new()
    {
        await Store(Place(), Material);
        await Store(Place(version: 2), Other);
        Assert.Equal(VaultVerdict.Done, (await Delete(Place())).Verdict);
        Assert.Equal(VaultVerdict.Absent, (await Fetch(Place())).Verdict);
        Assert.True((await Fetch(Place(version: 2))).IsFetched);
        Assert.Equal(VaultVerdict.Done, (await Delete(Place())).Verdict);
        Assert.Equal(VaultVerdict.Done, (await Store(Place(), Other)).Verdict);
    }

    private protected VaultPlace Place(long record = 7, int version = 1) => new(_account, record, version);

    private protected Task<VaultAnswer> Store(VaultPlace place, KeyMaterial material) => Vault.StoreAsync(place, material, Cancel);

    private protected Task<VaultAnswer> Fetch(VaultPlace place) => Vault.FetchAsync(place, Cancel);

    private protected Task<VaultAnswer> Delete(VaultPlace place) => Vault.DeleteAsync(place, Cancel);
}
