namespace Sealpost.Cli.Publishing;

/// <summary>How long to wait before a publish call that was answered 429 or 503 is made again; pure.</summary>
internal static class Patience
{
    /// <summary>Calls made of one batch before giving up: with full waits about ten minutes.</summary>
    public const int MaxCalls = 15;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The server's <c>Retry-After</c> within 60 s; without one 1 s, 2, 4, … up to 60 s. Null: give up.</summary>
    public static TimeSpan? Wait(int callsMade, TimeSpan? retryAfter)
    {
        if (callsMade >= MaxCalls)
        {
            return null;
        }

        var wait = retryAfter ?? TimeSpan.FromSeconds(Math.Pow(2, callsMade - 1));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < Longest ? wait : Longest;
    }
}
