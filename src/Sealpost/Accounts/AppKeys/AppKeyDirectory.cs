using System.Collections.Concurrent;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Accounts.AppKeys;

/// <summary>All app keys, in memory. A key that was removed opens nothing from then on. Thread safe.</summary>
internal sealed class AppKeyDirectory
{
    private readonly ConcurrentDictionary<string, KnownKey> _byName = new(StringComparer.Ordinal);
    private volatile KnownKey? _platform;

    public AppKeyDirectory(IEnumerable<AppKey> keys)
    {
        foreach (var key in keys)
        {
            Add(key);
        }
    }

    /// <summary>The key that this process signs its own calls with; made at the first start.</summary>
    public KnownKey Platform => _platform ?? throw new InvalidOperationException("the platform's app key is made at the start");

    public bool HasPlatform => _platform is not null;

    /// <summary>The key of this name; null when there is none.</summary>
    public KnownKey? Find(string consumerKey) => _byName.GetValueOrDefault(consumerKey);

    /// <summary>The account's keys, oldest first.</summary>
    public IReadOnlyList<AppKey> Of(AccountId account) =>
    [
        .. _byName.Values
            .Select(known => known.Key)
            .Where(key => key.Account == account)
            .OrderBy(key => key.CreatedAt)
            .ThenBy(key => key.ConsumerKey, StringComparer.Ordinal),
    ];

    public void Add(AppKey key)
    {
        var known = new KnownKey(key);
        _byName[key.ConsumerKey] = known;
        if (key.Account is null)
        {
            _platform = known;
        }
    }

    public void Remove(string consumerKey) => _byName.TryRemove(consumerKey, out _);

    /// <summary>The account is gone, and its keys with it.</summary>
    public void RemoveAll(AccountId account)
    {
        foreach (var key in Of(account))
        {
            Remove(key.ConsumerKey);
        }
    }
}

/// <summary>An app key with what is made of it once and not at each call.</summary>
internal sealed class KnownKey(AppKey key)
{
    public AppKey Key => key;

    /// <summary>What requests are signed and checked with.</summary>
    public OAuthKey OAuth { get; } = new(key.ConsumerKey, key.Token, new OAuthSecrets(key.ConsumerSecret.Utf8, key.TokenSecret.Utf8));

    public Caller Caller { get; } = new(CallerKind.AppKey, key.Account, TokenScopes.None, key.ConsumerKey, key.Name);
}
