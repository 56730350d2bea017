using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every account store keeps.</summary>
public abstract class AccountStoreContract
{
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract IAccountStore Store { get; }

    [Fact]
    public void An_account_is_made_once_and_found_again()
    {
        var made = Store.Ensure(A, Now);
        Assert.Equal(new Account(A, made.Number, Now), made);
        Assert.Equal(made, Store.Ensure(A, Now.AddDays(1)));
        Assert.Equal([made], Store.LoadAccounts());
    }

    [Fact]
    public void The_number_of_a_removed_account_is_never_given_again()
    {
        var first = Store.Ensure(A, Now);
        Assert.Equal(AccountRemoval.Removed, Store.Remove(first, Now));
        Assert.Equal(AccountRemoval.NotFound, Store.Remove(first, Now));
        Assert.Empty(Store.LoadAccounts());
        Assert.NotEqual(first.Number, Store.Ensure(A, Now).Number);
        Assert.NotEqual(first.Number, Store.Ensure(B, Now).Number);
    }

    [Fact]
    public void A_token_is_kept_as_it_was_given()
    {
        Store.Ensure(A, Now);
        var token = Token("tok_1", A) with { Scopes = TokenScopes.Read | TokenScopes.Publish };
        Assert.True(Store.Add(token));
        Assert.Equal([token], Store.LoadTokens(Now));
    }

    [Fact]
    public void An_account_takes_its_tokens_with_it()
    {
        var account = Store.Ensure(A, Now);
        Store.Ensure(B, Now);
        Store.Add(Token("tok_1", A));
        Store.Add(Token("tok_2", B));
        Store.Remove(account, Now);
        Assert.Equal(["tok_2"], Store.LoadTokens(Now).Select(token => token.Id));
    }

    [Fact]
    public void A_token_of_no_account_is_not_kept() => Assert.False(Store.Add(Token("tok_1", A)));

    [Fact]
    public void A_revoked_token_takes_its_bearers_with_it()
    {
        Store.Ensure(A, Now);
        Store.Add(Token("tok_1", A));
        Store.Add(Token("tok_2", A));
        Store.Add(Bearer("tok_3", "tok_1"));
        Assert.Equal(["tok_1", "tok_3"], Store.RemoveToken(A, "tok_1").Order(StringComparer.Ordinal));
        Assert.Equal(["tok_2"], Store.LoadTokens(Now).Select(token => token.Id));
    }

    [Fact]
    public void A_bearer_of_a_token_that_is_gone_is_not_kept()
    {
        Store.Ensure(A, Now);
        Assert.False(Store.Add(Bearer("tok_1", "tok_0")));
        Assert.True(Store.Add(Bearer("tok_1", AdministratorToken.IdPrefix + "1")));
    }

    [Fact]
    public void A_token_is_removed_by_its_own_account_alone()
    {
        Store.Ensure(A, Now);
        Store.Ensure(B, Now);
        Store.Add(Token("tok_1", A));
        Assert.Empty(Store.RemoveToken(B, "tok_1"));
        Assert.Single(Store.LoadTokens(Now));
    }

    [Fact]
    public void What_has_expired_is_not_loaded_and_goes_with_the_next_new_token()
    {
        Store.Ensure(A, Now);
        Store.Add(Bearer("tok_1", null) with { ExpiresAt = Now.AddHours(8) });
        Assert.Single(Store.LoadTokens(Now.AddHours(8).AddMilliseconds(-1)));
        Assert.Empty(Store.LoadTokens(Now.AddHours(8)));
        Store.Add(Token("tok_2", A) with { CreatedAt = Now.AddHours(8) });
        Assert.Equal(["tok_2"], Store.LoadTokens(Now).Select(token => token.Id));
    }

    private static StoredToken Bearer(string id, string? parent) =>
        Token(id, A) with { Kind = CallerKind.LoginBearer, ExpiresAt = Now.AddHours(8), Parent = parent };

    private static StoredToken Token(string id, AccountId account) => new()
    {
        Id = id,
        Account = account,
        Kind = CallerKind.AccountToken,
        Name = "name of " + id,
        Scopes = TokenScopes.All,
        Hash = TokenHash.Of(new Secret(id)),
        CreatedAt = Now,
    };
}
