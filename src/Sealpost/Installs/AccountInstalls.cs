using System.Collections.Frozen;

namespace Sealpost.Installs;

/// <summary>One account's installs as of one revision. Immutable; made once for each change, read for each event.</summary>
public sealed class AccountInstalls
{
    /// <summary>An account that has never had an install.</summary>
    public static readonly AccountInstalls None = new(0, []);

    private readonly FrozenDictionary<Guid, Install> _byClientId;
    private readonly FrozenDictionary<string, Install[]> _byEventType;

    internal AccountInstalls(long revision, IReadOnlyList<Install> installs)
    {
        Revision = revision;
        All = installs;
        _byClientId = installs.ToFrozenDictionary(install => install.ClientId);
        _byEventType = installs
            .SelectMany(install => install.Manifest.Webhooks.Keys, (install, eventType) => (eventType, install))
            .GroupBy(pair => pair.eventType, pair => pair.install, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Counts the changes of the account's installs: the <c>ac-revision</c> of the list.</summary>
    public long Revision { get; }

    /// <summary>The installs in the order of their making, without deleted ones.</summary>
    public IReadOnlyList<Install> All { get; }

    /// <summary>Null when the account has no such install, or it is deleted.</summary>
    public Install? Find(Guid clientId) => _byClientId.GetValueOrDefault(clientId);

    /// <summary>Who is owed an event of this type: disabled installs too. The array is shared; nobody writes to it.</summary>
    public Install[] Subscribers(string eventType) => _byEventType.GetValueOrDefault(eventType) ?? [];

    /// <summary>The installs after <paramref name="changed"/> was made, replaced or deleted.</summary>
    internal AccountInstalls With(Install changed, long revision)
    {
        var installs = All.Where(install => install.Number != changed.Number);
        return new AccountInstalls(revision, [.. (changed.Deleted ? installs : installs.Append(changed)).OrderBy(install => install.Number)]);
    }
}
