namespace Sealpost.Accounts.Audit;

/// <summary>What became of an act. The numbers stand in the store.</summary>
internal enum ActOutcome
{
    /// <summary>It was done.</summary>
    Done = 0,

    /// <summary>It was answered with a problem: nothing was changed.</summary>
    Refused = 1,

    /// <summary>It ended with a fault, or the caller left: whether something was changed is not known.</summary>
    Failed = 2,
}

/// <summary>Who acted.</summary>
/// <param name="Kind">A word of <see cref="AuditActor"/>'s own.</param>
/// <param name="Id">The token's id or the app key's consumer key; null where nobody known acted.</param>
/// <param name="Name">The token's or app key's name, or the user name of the login.</param>
internal sealed record AuditActor(string Kind, string? Id, string? Name)
{
    /// <summary>Nobody that is known here.</summary>
    public static AuditActor Nobody { get; } = new("nobody", null, null);

    /// <summary>The service itself, by a rule of its own.</summary>
    public static AuditActor Service { get; } = new("service", null, null);

    public static AuditActor Of(Caller? caller) => caller is null ? Nobody : new AuditActor(WordOf(caller.Kind), caller.Id, caller.Name);

    private static string WordOf(CallerKind kind) => kind switch
    {
        CallerKind.Administrator => "administrator",
        CallerKind.AccountToken => "token",
        CallerKind.LoginBearer => "login",
        CallerKind.AppKey => "app_key",
    };
}

/// <summary>One act as the audit keeps it: who did what to what, from where, and what came of it. It holds no secret.</summary>
internal sealed record AuditEntry
{
    /// <summary>The row's key, which grows; 0 until it is written.</summary>
    public long Id { get; init; }

    /// <summary>The account's number; 0: the act belongs to no account.</summary>
    public required int Account { get; init; }

    /// <summary>When it ended; of several in one, when the first did.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the last of them ended.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>How many the entry stands for: more than one only of those that were not done.</summary>
    public int Times { get; init; } = 1;

    public required AuditActor Actor { get; init; }

    /// <summary>What kind of act, such as <c>installs.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The public id or name of what it was about; null where there is none.</summary>
    public string? Target { get; init; }

    public required ActOutcome Outcome { get; init; }

    /// <summary>The answer's HTTP status; 499 where the caller left before one, 0 where nobody was answered.</summary>
    public required int Status { get; init; }

    /// <summary>The problem's code; null of what was done.</summary>
    public string? Code { get; init; }

    /// <summary>One sentence or a few words more.</summary>
    public string? Detail { get; init; }

    /// <summary>Where the call came from, behind trusted proxies; null: it was no call.</summary>
    public string? RemoteAddress { get; init; }
}
