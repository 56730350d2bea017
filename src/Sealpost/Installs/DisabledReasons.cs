namespace Sealpost.Installs;

/// <summary>Why an install is disabled, as answers name it (<c>disabledReason</c>).</summary>
public static class DisabledReasons
{
    /// <summary>By a call of <c>…/disable</c>.</summary>
    public const string Operator = "operator";

    /// <summary>By <c>"enabled": false</c> in its manifest.</summary>
    public const string Manifest = "manifest";

    /// <summary>By the rule for slow endpoints (protocol 3).</summary>
    public const string SlowEndpoint = "slow_endpoint";
}
