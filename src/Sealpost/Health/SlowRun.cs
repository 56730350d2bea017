namespace Sealpost.Health;

/// <summary>How an endpoint has been answering lately.</summary>
/// <param name="Since">The start of the attempt whose slow response began the present run; null while it answers in time.</param>
/// <param name="Seen">Slow responses of the run.</param>
/// <param name="IsWarned">The run has been warned of.</param>
public readonly record struct SlowRun(DateTimeOffset? Since, int Seen = 0, bool IsWarned = false);

/// <summary>What is to be done about an endpoint.</summary>
public enum SlowVerdict
{
    Nothing,

    /// <summary>It has been slow for half the window; or for all of it, where the policy is to warn only.</summary>
    Warn,

    /// <summary>It has been slow for the whole window: its app is disabled.</summary>
    Disable,
}
