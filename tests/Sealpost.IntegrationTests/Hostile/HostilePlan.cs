using System.Globalization;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>How large a run is, and how long.</summary>
internal sealed record HostilePlan
{
    /// <summary>Endpoints of each kind; every other one is retried by numbers, the rest by time to live.</summary>
    public int Each { get; init; } = 3;

    /// <summary>Well-behaved apps.</summary>
    public int Healthy { get; init; } = 10;

    /// <summary>The healthy apps alone; the first half warms the service up, the second is for comparison.</summary>
    public TimeSpan Alone { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>With the hostile ones beside them.</summary>
    public TimeSpan Together { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The beginning of that, in which pools fill and limits adapt: what is held then is not compared.</summary>
    public TimeSpan Warm { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Between two events for all healthy apps.</summary>
    public TimeSpan HealthyPace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two events for the same hostile endpoint.</summary>
    public TimeSpan HostilePace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of retries by time to live, and the wait of those by numbers: short, so that the pressure lasts.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Between two bytes of what is dripped: slow enough that the test itself does not eat the processor.</summary>
    public TimeSpan Drip { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The short form, or what <c>SEALPOST_HOSTILE_EACH</c> and <c>SEALPOST_HOSTILE_MINUTES</c> ask for.</summary>
    public static HostilePlan Asked()
    {
        var plan = new HostilePlan();
        if (Number("SEALPOST_HOSTILE_MINUTES") is { } minutes)
        {
            var together = TimeSpan.FromMinutes(minutes);
            plan = plan with
            {
                Each = 50,
                Healthy = 50,
                Alone = TimeSpan.FromSeconds(20),
                Together = together,
                Warm = together / 4,
                HealthyPace = TimeSpan.FromMilliseconds(250),
                HostilePace = TimeSpan.FromSeconds(10),
                Backoff = TimeSpan.FromSeconds(15),
            };
        }

        return Number("SEALPOST_HOSTILE_EACH") is { } each ? plan with { Each = (int)each, Healthy = (int)each } : plan;
    }

    private static double? Number(string name) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
