using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.Installs;
using Sealpost.Storage.Sqlite;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Vault;

public sealed class MasterKeyRotationTests : IDisposable
{
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly VaultPlace Place = new(A, 7, 1);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyMaterial Material = TestMaterial.New();

    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public MasterKeyRotationTests() => _database = SqliteDatabase.Open(_folder.File("sealpost.db"));

    private string KeyFile => _folder.File("master.key");

    [Fact]
    public async Task A_new_key_beside_the_old_seals_everything_anew_and_takes_its_place()
    {
        var first = Open();
        await Fill(first);
        var text = PutNext(2);

        var second = Open();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(text, File.ReadAllText(KeyFile).Trim());
        Assert.False(File.Exists(KeyFile + ".next"));
        Assert.True(File.Exists(KeyFile + ".previous"));
        await AssertAllOpens(second);
        Assert.Equal(VaultVerdict.Damaged, (await Vault(first).FetchAsync(Place, TestContext.Current.CancellationToken)).Verdict);
        Assert.Equal(second.Id, Open().Id);
    }

    [Fact]
    public async Task A_crash_before_the_new_file_takes_its_place_is_mended_by_the_next_start()
    {
        var first = Open();
        await Fill(first);
        PutNext(2);
        var next = MasterKey.Parse(Text(2), "next");
        new SqliteKeyRotation(_database).Rotate(first, next);

        Assert.Equal(next.Id, Open().Id);
        Assert.False(File.Exists(KeyFile + ".next"));

        // Between the two renames.
        File.Move(KeyFile, KeyFile + ".next");
        Assert.Equal(next.Id, Open().Id);
        await AssertAllOpens(next);
    }

    [Fact]
    public async Task A_value_that_does_not_open_stops_the_rotation_and_nothing_has_changed()
    {
        var first = Open();
        await Fill(first);
        _database.Write(connection =>
        {
            using var damage = connection.CreateCommand();
            damage.CommandText = "UPDATE vault_envelopes SET wrapped_key = x'0102'";
            damage.ExecuteNonQuery();
        });
        PutNext(2);

        Assert.Throws<VaultException>(Open);

        File.Delete(KeyFile + ".next");
        Assert.Equal(first.Id, Open().Id);
        Assert.Equal("current", Secrets(first).Current.Reveal());
    }

    [Fact]
    public async Task A_key_from_the_environment_is_changed_for_the_next_one_there_and_the_next_start_may_still_name_both()
    {
        var first = Open(Text(1));
        await Fill(first);

        var second = Open(Text(1), Text(2));
        await AssertAllOpens(second);
        Assert.Equal(second.Id, Open(Text(1), Text(2)).Id);
        Assert.Equal(second.Id, Open(Text(2)).Id);
        Assert.Throws<VaultException>(() => Open(Text(1)));
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public void A_copy_of_the_present_key_is_put_away()
    {
        Open();
        File.Copy(KeyFile, KeyFile + ".next");
        Open();
        Assert.False(File.Exists(KeyFile + ".next"));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private static Secret Text(byte fill) => new(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()));

    private MasterKey Open() => Open(null);

    private MasterKey Open(Secret? given, Secret? next = null) =>
        new MasterKeyRotation(KeyFile, new SqliteKeyCheck(_database), new SqliteKeyRotation(_database).Rotate).Open(given, next);

    private string PutNext(byte fill)
    {
        PrivateFile.Create(KeyFile + ".next", Text(fill));
        return Text(fill).Reveal();
    }

    private LocalVault Vault(MasterKey key) => new(new SqliteEnvelopeStore(_database), key);

    private async Task Fill(MasterKey key)
    {
        new SqliteAccountStore(_database).Ensure(A, Now);
        await Vault(key).StoreAsync(Place, Material, TestContext.Current.CancellationToken);
        foreach (var account in new AccountId?[] { A, null })
        {
            Assert.True(new SqliteAppKeyStore(_database, key).Add(new AppKey
            {
                ConsumerKey = "key of " + account,
                ConsumerSecret = new Secret("consumer"),
                Token = "token",
                TokenSecret = new Secret("of token"),
                Account = account,
                Name = "n",
                Privileges = AppKeyPrivileges.MtlsRead,
                CreatedAt = Now,
            }));
        }

        var manifest = ManifestReader.Read("""{"client_name":"n"}"""u8.ToArray()).Manifest!;
        var store = new SqliteInstallStore(_database, key, new EventTypeNumbers(_database), TimeProvider.System);
        var created = store.Create(new Install
        {
            Number = 0,
            Account = A,
            ClientId = Guid.NewGuid(),
            Manifest = manifest,
            Secrets = new ClientSecrets(new Secret("before")),
            Revision = 1,
            IssuedAt = Now,
            Enabled = true,
        });
        Assert.Equal(InstallChangeKind.Done, created.Kind);
        Assert.Equal(InstallChangeKind.Done, store.Change(
            A,
            created.After!.ClientId,
            install => new InstallEdit(InstallChangeKind.Done, install with { Secrets = new ClientSecrets(new Secret("current"), new Secret("before"), Now) })).Kind);
    }

    private async Task AssertAllOpens(MasterKey key)
    {
        Assert.Equal(Material, (await Vault(key).FetchAsync(Place, TestContext.Current.CancellationToken)).Material);
        Assert.Equal("current", Secrets(key).Current.Reveal());
        Assert.Equal("before", Secrets(key).Previous!.Reveal());
        Assert.All(new SqliteAppKeyStore(_database, key).Load(), appKey =>
            Assert.Equal(("consumer", "of token"), (appKey.ConsumerSecret.Reveal(), appKey.TokenSecret.Reveal())));
    }

    private ClientSecrets Secrets(MasterKey key) =>
        new SqliteInstallStore(_database, key, new EventTypeNumbers(_database), TimeProvider.System).Load().Single().Installs.Single().Secrets;
}
