using Sealpost.Accounts;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

public sealed class LocalVaultTests
{
    private static readonly VaultPlace Place = new(AccountId.Parse("a"), 7, 1);
    private static readonly KeyMaterial Material = TestMaterial.New();
    private readonly MemoryEnvelopeStore _store = new();

    public static TheoryData<string, long, int> Elsewhere => new()
    {
        { "b", 7, 1 },
        { "a", 8, 1 },
        { "a", 7, 2 },
    };

    [Fact]
    public async Task Neither_the_key_nor_its_PEM_can_be_seen_in_the_store()
    {
        await Store(Place);

        var row = _store.Rows[Place];
        var key = Material.PrivateKey.Utf8;
        Assert.Equal(-1, row.Sealed.AsSpan().IndexOf(key[^16..]));
        Assert.Equal(-1, row.Sealed.AsSpan().IndexOf("PRIVATE KEY"u8));
        Assert.NotEqual(32, row.WrappedKey.Length);
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task A_row_copied_to_another_account_record_or_version_does_not_open(string account, long record, int version)
    {
        await Store(Place);
        var elsewhere = new VaultPlace(AccountId.Parse(account), record, version);
        _store.Rows[elsewhere] = _store.Rows[Place];

        Assert.Equal(VaultVerdict.Damaged, (await Fetch(elsewhere)).Verdict);
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task Material_copied_beside_the_data_key_of_another_place_does_not_open(string account, long record, int version)
    {
        var elsewhere = new VaultPlace(AccountId.Parse(account), record, version);
        await Store(Place);
        await Store(elsewhere);
        _store.Rows[elsewhere] = _store.Rows[elsewhere] with { Sealed = _store.Rows[Place].Sealed };

        Assert.Equal(VaultVerdict.Damaged, (await Fetch(elsewhere)).Verdict);
    }

    [Fact]
    public async Task Each_place_has_a_data_key_of_its_own()
    {
        var other = Place with { Version = 2 };
        await Store(Place);
        await Store(other);
        var wrapping = new SealedBox(MasterKeys.Of(1), LocalVault.WrappingPurpose);

        Assert.NotEqual(
            wrapping.Open(_store.Rows[Place].WrappedKey, LocalVault.Owner(Place)),
            wrapping.Open(_store.Rows[other].WrappedKey, LocalVault.Owner(other)));
    }

    [Fact]
    public async Task Another_master_key_is_named_as_the_cause()
    {
        await Store(Place);

        var answer = await new LocalVault(_store, MasterKeys.Of(2)).FetchAsync(Place, TestContext.Current.CancellationToken);

        Assert.Equal(VaultVerdict.Damaged, answer.Verdict);
        Assert.Contains("another master key", answer.Detail, StringComparison.Ordinal);
    }

    private Task<VaultAnswer> Store(VaultPlace place) => Vault().StoreAsync(place, Material, TestContext.Current.CancellationToken);

    private Task<VaultAnswer> Fetch(VaultPlace place) => Vault().FetchAsync(place, TestContext.Current.CancellationToken);

    private LocalVault Vault() => new(_store, MasterKeys.Of(1));
}
