namespace Sealpost.Retry;

/// <summary>How an install that retries by time to live stands (protocol 4). Others are always <see cref="Up"/>.</summary>
public enum InstallState
{
    /// <summary>Events go out directly.</summary>
    Up = 0,

    /// <summary>Everything is stored; rounds of probes find out when its endpoints answer again.</summary>
    Failed = 1,

    /// <summary>Its endpoints answer again: what was stored goes out in its order, what is new beside it.</summary>
    InTransition = 2,

    /// <summary>Nothing from before the recovery is left; what was stored while it drained still goes out.</summary>
    Recovered = 3,
}

/// <summary>The states' fixed spellings outside.</summary>
internal static class InstallStates
{
    public static string ToWire(this InstallState state) => state switch
    {
        InstallState.Up => "up",
        InstallState.Failed => "failed",
        InstallState.InTransition => "in_transition",
        InstallState.Recovered => "recovered",
    };
}
