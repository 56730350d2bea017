using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every store of app keys keeps.</summary>
public abstract class AppKeyStoreContract
{
    private protected static readonly AccountId A = AccountId.Parse("a");
    private protected static readonly AccountId B = AccountId.Parse("b");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract IAppKeyStore Store { get; }

    private protected abstract IAccountStore Accounts { get; }

    [Fact]
    public void A_key_is_kept_as_it_was_given()
    {
        Accounts.Ensure(A, Now);
        var key = Key(A);
        Assert.True(Store.Add(key));
        Assert.Equal([key], Store.Load());
    }

    [Fact]
    public void The_platforms_key_belongs_to_no_account()
    {
        var key = Key(null);
        Assert.True(Store.Add(key));
        Assert.Equal([key], Store.Load());
        Assert.False(Store.Remove(A, key.ConsumerKey));
    }

    [Fact]
    public void A_key_of_no_account_is_not_kept()
    {
        Assert.False(Store.Add(Key(A)));
        Assert.Empty(Store.Load());
    }

    [Fact]
    public void A_key_is_removed_by_its_own_account_alone()
    {
        Accounts.Ensure(A, Now);
        Accounts.Ensure(B, Now);
        var key = Key(A);
        Store.Add(key);
        Assert.False(Store.Remove(B, key.ConsumerKey));
        Assert.Single(Store.Load());
        Assert.True(Store.Remove(A, key.ConsumerKey));
        Assert.False(Store.Remove(A, key.ConsumerKey));
        Assert.Empty(Store.Load());
    }

    [Fact]
    public void An_account_takes_its_keys_with_it()
    {
        var account = Accounts.Ensure(A, Now);
        Accounts.Ensure(B, Now);
        var (ofA, ofB, platform) = (Key(A), Key(B), Key(null));
        Assert.True(Store.Add(ofA) && Store.Add(ofB) && Store.Add(platform));
        Accounts.Remove(account, Now);
        Assert.Equal([ofB.ConsumerKey, platform.ConsumerKey], Store.Load().OrderBy(key => key.Account is null).Select(key => key.ConsumerKey));
    }

    private protected static AppKey Key(AccountId? account) =>
        AppKey.New(account, "name", AppKeyPrivileges.MtlsRead | AppKeyPrivileges.MtlsForward, Now);
}
