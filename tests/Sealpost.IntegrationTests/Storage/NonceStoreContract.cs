using Sealpost.Accounts.AppKeys;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every store of nonces keeps.</summary>
public abstract class NonceStoreContract
{
    private const long Second = 1_767_225_600;

    private static readonly DateTimeOffset LongAgo = DateTimeOffset.UnixEpoch;

    private protected abstract INonceStore Store { get; }

    /// <summary>The store as the next process finds it.</summary>
    private protected abstract INonceStore Reopened();

    private protected abstract int Count();

    [Fact]
    public void A_nonce_is_new_once_and_never_again_not_even_after_a_restart()
    {
        Assert.Equal([true], Keep(Nonce()));
        Assert.Equal([false], Keep(Nonce()));
        Assert.Equal([false], Reopened().Keep([Nonce()], LongAgo, 0));
    }

    [Fact]
    public void Of_two_in_one_commit_the_first_is_new() => Assert.Equal([true, false, true], Keep(Nonce(), Nonce(), Nonce(nonce: "other")));

    [Fact]
    public void Key_token_time_and_nonce_each_make_another()
    {
        Keep(Nonce());
        Assert.Equal(
            [true, true, true, true, true, true],
            Keep(Nonce(key: "k2"), Nonce(token: "t2"), Nonce(at: Second + 1), Nonce(nonce: "n2"), Nonce(key: "kt", token: ""), Nonce(key: "", token: "kt")));
    }

    [Fact]
    public void What_is_old_is_forgotten_oldest_first_in_batches()
    {
        Keep(Nonce(at: Second), Nonce(at: Second + 2), Nonce(at: Second + 1), Nonce(at: Second + 3));
        var before = DateTimeOffset.FromUnixTimeSeconds(Second + 2);

        Store.Keep([Nonce(nonce: "x", at: Second + 4)], before, 1);
        Assert.Equal(4, Count());
        Assert.Equal([false, false], Store.Keep([Nonce(at: Second + 1), Nonce(at: Second + 2)], before, 10));
        Assert.Equal(3, Count());
        Assert.Equal([true, false, false], Store.Keep([Nonce(at: Second + 1), Nonce(at: Second + 2), Nonce(at: Second + 3)], LongAgo, 10));
    }

    private protected static UsedNonce Nonce(string key = "k", string token = "t", string nonce = "n", long at = Second) => UsedNonce.Of(new OAuthParameters
    {
        ConsumerKey = key,
        Token = token,
        Method = SignatureMethod.HmacSha1,
        Timestamp = at,
        Nonce = nonce,
        Signature = "s",
    });

    private IReadOnlyList<bool> Keep(params UsedNonce[] nonces) => Store.Keep(nonces, LongAgo, 10);
}
