namespace Sealpost.Sending;

/// <summary>The routes' names outside.</summary>
internal static class RouteNames
{
    public static string ToWire(this Route route) => route switch
    {
        Route.Direct => "direct",
        Route.Mtls => "mtls",
        Route.Unknown => "unknown",
    };
}
