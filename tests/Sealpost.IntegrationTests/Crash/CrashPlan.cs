namespace Sealpost.IntegrationTests.Crash;

/// <summary>How a run is to go. The seed decides every choice that is ours; timing stays the machine's.</summary>
internal sealed record CrashPlan
{
    public required int Seed { get; init; }

    /// <summary>Kills under load, each after a life of <see cref="ShortestLife"/> to <see cref="LongestLife"/>.</summary>
    public required int Kills { get; init; }

    /// <summary>Further kills before each start is ready, the very first start's too.</summary>
    public int KillsWhileStarting { get; init; }

    public int Publishers { get; init; } = 5;

    public int Conversations { get; init; } = 200;

    /// <summary>The share of attempts that the receiver answers with 500.</summary>
    public double FailureRate { get; init; } = 0.001;

    public TimeSpan ShortestLife { get; init; } = TimeSpan.FromSeconds(0.2);

    public TimeSpan LongestLife { get; init; } = TimeSpan.FromSeconds(2);
}
