namespace Sealpost.Mtls.Certificates;

/// <summary>When a certificate's end is warned of (protocol 4, operational events). Pure.</summary>
internal static class ExpiryRules
{
    // The nearest first: who was away for a month is told once, not thrice.
    private static readonly int[] DaysAhead = [1, 7, 30];

    /// <summary>The warning that is due, by its days; null: none. What has expired is warned of no more.</summary>
    /// <param name="expiresAt">When the certificate ends.</param>
    /// <param name="warned">The last warning that was given; null: none.</param>
    /// <param name="now">The time.</param>
    public static int? Due(DateTimeOffset expiresAt, int? warned, DateTimeOffset now)
    {
        var left = expiresAt - now;
        foreach (var days in DaysAhead)
        {
            if (left <= TimeSpan.FromDays(days))
            {
                return left > TimeSpan.Zero && !(warned <= days) ? days : null;
            }
        }

        return null;
    }
}
