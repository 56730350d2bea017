using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteNonceStoreTests : NonceStoreContract, IDisposable
{
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _folder = new();
    private SqliteNonceStore _store;

    public SqliteNonceStoreTests() => _store = Open(First, "boot 1");

    private protected override INonceStore Store => _store;

    private string Path => _folder.File("nonces.db");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void After_a_restart_on_the_same_boot_it_knows_all_that_it_knew()
    {
        Store.Keep([Nonce()], DateTimeOffset.UnixEpoch, 0);
        var store = Reopened(First.AddHours(1), "boot 1");
        Assert.Equal(First, store.KnownSince);
        Assert.Equal([false], store.Keep([Nonce()], DateTimeOffset.UnixEpoch, 0));
    }

    [Fact]
    public void After_another_boot_it_says_that_it_knows_nothing_of_before()
    {
        Store.Keep([Nonce()], DateTimeOffset.UnixEpoch, 0);
        Assert.Equal(First.AddHours(1), Reopened(First.AddHours(1), "boot 2").KnownSince);
        Assert.Equal(0, Count());
        Assert.Equal(First.AddHours(1), Reopened(First.AddHours(2), "boot 2").KnownSince);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no database at all, but a text that is longer than the header of a database's file: one hundred bytes")]
    public void A_damaged_file_is_made_anew(string content)
    {
        _store.Dispose();
        File.WriteAllText(Path, content);
        _store = Open(First.AddHours(1), "boot 1");
        Assert.Equal(First.AddHours(1), Store.KnownSince);
        Assert.Equal([true], Store.Keep([Nonce()], DateTimeOffset.UnixEpoch, 0));
    }

    [Fact]
    public void The_system_says_which_boot_it_is() => Assert.Equal(Reopened(First, null).KnownSince, Reopened(First.AddHours(1), null).KnownSince);

    private protected override INonceStore Reopened() => Reopened(First, "boot 1");

    private protected override int Count()
    {
        using var connection = new SqliteConnection($"Data Source={Path};Mode=ReadOnly;Pooling=False");
        return connection.ExecuteScalar<int>("SELECT count(*) FROM nonces");
    }

    private SqliteNonceStore Reopened(DateTimeOffset now, string? boot)
    {
        _store.Dispose();
        return _store = Open(now, boot);
    }

    private SqliteNonceStore Open(DateTimeOffset now, string? boot) => new(NonceFile.Open(Path, now, boot));
}
