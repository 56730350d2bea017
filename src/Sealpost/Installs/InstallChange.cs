namespace Sealpost.Installs;

/// <summary>What became of a wish to change an install.</summary>
public enum InstallChangeKind
{
    /// <summary>It is changed, and durable.</summary>
    Done,

    /// <summary>It was so already; nothing is written and no revision counted.</summary>
    Unchanged,

    /// <summary>The account has no such install.</summary>
    NotFound,

    /// <summary>The account is not there (any more).</summary>
    AccountNotFound,

    /// <summary>The change needs an <c>If-Match</c> and has none.</summary>
    RevisionMissing,

    /// <summary>Somebody has changed the install since.</summary>
    RevisionStale,

    /// <summary>Another install of the account has this client name.</summary>
    ClientNameTaken,

    /// <summary>This client id was given before, to an install that may be deleted or another account's.</summary>
    ClientIdTaken,
}

/// <summary>A wish and what became of it.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Before">The install before; null when there was none.</param>
/// <param name="After">The install as it is now; null when there is none.</param>
/// <param name="AccountRevision">The account's revision, where the kind is done.</param>
public sealed record InstallChange(InstallChangeKind Kind, Install? Before = null, Install? After = null, long AccountRevision = 0);

/// <summary>An edit's decision: with <see cref="InstallChangeKind.Done"/>, the install to keep; else nothing is kept.</summary>
internal readonly record struct InstallEdit(InstallChangeKind Kind, Install Install);
