using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.Tests.Accounts;

public sealed class AuthenticatorTests
{
    private static readonly AccountId A = AccountId.Parse("a");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TokenDirectory _tokens = new([]);
    private readonly Authenticator _authenticator;

    public AuthenticatorTests() =>
        _authenticator = new Authenticator(new AdministratorToken(new Secret("admin-secret")), _tokens, _time);

    [Theory]
    [InlineData("Bearer admin-secret", Verdict.Granted)]
    [InlineData("bearer admin-secret", Verdict.Granted)]
    [InlineData("Bearer  admin-secret ", Verdict.Granted)]
    [InlineData("Bearer admin-secreT", Verdict.Unauthenticated)]
    [InlineData("Bearer admin-secret-and-more", Verdict.Unauthenticated)]
    [InlineData("Basic admin-secret", Verdict.Unauthenticated)]
    [InlineData("admin-secret", Verdict.Unauthenticated)]
    [InlineData("Bearer ", Verdict.Unauthenticated)]
    [InlineData("", Verdict.Unauthenticated)]
    [InlineData(null, Verdict.Unauthenticated)]
    public void Only_a_bearer_token_that_is_known_authenticates(string? header, Verdict expected) =>
        Assert.Equal(expected, _authenticator.Authenticate(header, A, Need.Manage).Verdict);

    [Fact]
    public void Two_authorization_headers_are_nobody() => Assert.Equal(
        Verdict.Unauthenticated,
        _authenticator.Authenticate(new StringValues(["Bearer admin-secret", "Bearer admin-secret"]), A, Need.Read).Verdict);

    [Fact]
    public void A_text_too_long_for_a_token_is_nobody() => Assert.Equal(
        Verdict.Unauthenticated, _authenticator.Authenticate("Bearer " + new string('x', 100_000), A, Need.Read).Verdict);

    [Fact]
    public void A_revoked_token_opens_nothing_at_once()
    {
        _tokens.Add(Token("secret", CallerKind.AccountToken, null));
        Assert.Equal(Verdict.Granted, _authenticator.Authenticate("Bearer secret", A, Need.Publish).Verdict);
        _tokens.Remove(token => token.Id == "tok_1");
        Assert.Equal(Verdict.Unauthenticated, _authenticator.Authenticate("Bearer secret", A, Need.Publish).Verdict);
    }

    [Fact]
    public void A_bearer_opens_until_its_end()
    {
        _tokens.Add(Token("secret", CallerKind.LoginBearer, _time.GetUtcNow().AddHours(8)));
        _time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Verdict.Granted, _authenticator.Authenticate("Bearer secret", A, Need.Publish).Verdict);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Verdict.Unauthenticated, _authenticator.Authenticate("Bearer secret", A, Need.Publish).Verdict);
    }

    [Fact]
    public void Authenticating_allocates_nothing()
    {
        _tokens.Add(Token("secret", CallerKind.AccountToken, null));
        StringValues header = "Bearer secret";
        for (var i = 0; i < 100; i++)
        {
            _authenticator.Authenticate(header, A, Need.Publish);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _authenticator.Authenticate(header, A, Need.Publish);
        }

        // A little room for the runtime's own doing, such as a tier change.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void A_stored_hash_is_read_back_as_it_was()
    {
        var hash = TokenHash.Of(new Secret("secret"));
        Assert.Equal(hash, TokenHash.FromBytes(hash.ToBytes()));
        Assert.Equal("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", Convert.ToHexStringLower(hash.ToBytes()));
    }

    [Fact]
    public void New_tokens_are_long_random_and_told_apart_by_their_prefix()
    {
        var token = TokenText.NewAccountToken().Reveal();
        Assert.StartsWith("spacc_", token, StringComparison.Ordinal);
        Assert.Equal("spacc_".Length + 43, token.Length);
        Assert.NotEqual(token, TokenText.NewAccountToken().Reveal());
    }

    private static StoredToken Token(string secret, CallerKind kind, DateTimeOffset? end) => new()
    {
        Id = "tok_1",
        Account = A,
        Kind = kind,
        Name = "name",
        Scopes = TokenScopes.All,
        Hash = TokenHash.Of(new Secret(secret)),
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = end,
    };
}
