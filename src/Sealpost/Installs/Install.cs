using Sealpost.Accounts;
using Sealpost.Protocol.Installs;

namespace Sealpost.Installs;

/// <summary>One app's registration in an account, as of one revision. Immutable: a change makes a new one.</summary>
public sealed record Install
{
    /// <summary>The store's own key; never reused.</summary>
    public required int Number { get; init; }

    public required AccountId Account { get; init; }

    /// <summary>The app's <c>client_id</c>, which is also its <c>id</c>.</summary>
    public required Guid ClientId
    {
        get;
        init
        {
            field = value;
            ClientIdText = value.ToString("D");
        }
    }

    /// <summary><see cref="ClientId"/> as it stands in headers and answers.</summary>
    public string ClientIdText { get; private init; } = "";

    public required Manifest Manifest { get; init; }

    public required ClientSecrets Secrets { get; init; }

    /// <summary>Counts the changes of this install; the <c>ac-revision</c> of its answers.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>False: events are stored and nothing is attempted.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Why it is disabled, such as <c>slow_endpoint</c>; null while enabled.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Set once the install is removed: what it was owed is dead (<c>app_removed</c>).</summary>
    public bool Deleted { get; init; }
}
