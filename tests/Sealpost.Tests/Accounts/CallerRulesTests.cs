using Sealpost.Accounts;

namespace Sealpost.Tests.Accounts;

public sealed class CallerRulesTests
{
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");

    public static TheoryData<Need> Needs => [.. Enum.GetValues<Need>()];

    [Theory]
    [InlineData(TokenScopes.Publish, Need.Publish, Verdict.Granted)]
    [InlineData(TokenScopes.Publish, Need.Read, Verdict.Forbidden)]
    [InlineData(TokenScopes.Publish, Need.Manage, Verdict.Forbidden)]
    [InlineData(TokenScopes.Read, Need.Publish, Verdict.Forbidden)]
    [InlineData(TokenScopes.Read, Need.Read, Verdict.Granted)]
    [InlineData(TokenScopes.Read, Need.Manage, Verdict.Forbidden)]
    [InlineData(TokenScopes.Manage, Need.Publish, Verdict.Forbidden)]
    [InlineData(TokenScopes.Manage, Need.Read, Verdict.Granted)]
    [InlineData(TokenScopes.Manage, Need.Manage, Verdict.Granted)]
    [InlineData(TokenScopes.All, Need.Publish, Verdict.Granted)]
    [InlineData(TokenScopes.All, Need.Administer, Verdict.Forbidden)]
    public void A_scope_opens_its_own_calls_in_its_own_account(TokenScopes scopes, Need need, Verdict expected)
    {
        Assert.Equal(expected, CallerRules.Judge(Token(CallerKind.AccountToken, scopes), A, need));
        Assert.Equal(expected, CallerRules.Judge(Token(CallerKind.LoginBearer, scopes), A, need));
    }

    [Theory]
    [MemberData(nameof(Needs))]
    public void No_scope_opens_another_account(Need need)
    {
        Assert.Equal(Verdict.Forbidden, CallerRules.Judge(Token(CallerKind.AccountToken, TokenScopes.All), B, need));
        Assert.Equal(Verdict.Forbidden, CallerRules.Judge(Token(CallerKind.LoginBearer, TokenScopes.All), B, need));
        Assert.Equal(Verdict.Forbidden, CallerRules.Judge(Token(CallerKind.AccountToken, TokenScopes.All), default, need));
    }

    [Theory]
    [MemberData(nameof(Needs))]
    public void The_administrator_may_do_everything_and_nobody_nothing(Need need)
    {
        var administrator = new Caller(CallerKind.Administrator, null, TokenScopes.All, "adm", "administrator");
        Assert.Equal(Verdict.Granted, CallerRules.Judge(administrator, A, need));
        Assert.Equal(Verdict.Unauthenticated, CallerRules.Judge(null, A, need));
    }

    [Theory]
    [InlineData(CallerKind.AccountToken, TokenScopes.Read | TokenScopes.Publish, false)]
    [InlineData(CallerKind.AccountToken, TokenScopes.Manage, true)]
    [InlineData(CallerKind.LoginBearer, TokenScopes.Manage, true)]
    public void Secrets_are_shown_to_those_who_manage(CallerKind kind, TokenScopes scopes, bool shown) =>
        Assert.Equal(shown, Token(kind, scopes).SeesSecrets);

    private static Caller Token(CallerKind kind, TokenScopes scopes) => new(kind, A, scopes, "tok", "name");
}
