namespace Sealpost.Dispatch;

/// <summary>Attempts in flight at most (settings <c>Delivery:Concurrency</c>, <c>Delivery:OriginConcurrency</c>).</summary>
public sealed record DispatchOptions
{
    /// <summary>In all; 1 to 65,536, default 1024.</summary>
    public int Concurrency { get; init; } = 1024;

    /// <summary>To one origin (scheme, host and port of endpoints), at most; adaptive below it. 1 to 1,024, default 64.</summary>
    public int OriginConcurrency { get; init; } = 64;
}
