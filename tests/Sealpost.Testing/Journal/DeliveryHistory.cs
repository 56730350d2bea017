namespace Sealpost.Testing.Journal;

/// <summary>Everything that is known of a run that has drained. A plain value.</summary>
/// <param name="Installs">Who was subscribed, from before the first request to the end.</param>
/// <param name="Requests">The publisher's journal.</param>
/// <param name="Attempts">The receiver's journal, in order of arrival.</param>
/// <param name="Kills">When the service was killed, on the journals' clock.</param>
public sealed record DeliveryHistory(
    IReadOnlyList<SubscribedInstall> Installs,
    IReadOnlyList<PublishRequest> Requests,
    IReadOnlyList<ReceivedAttempt> Attempts,
    IReadOnlyList<TimeSpan> Kills)
{
    /// <summary>
    /// How far from a kill a success may lie and still have been unrecorded. Outcomes are recorded at most 50 ms late
    /// (protocol 4); the rest is room for a busy machine: an attempt that was in flight at the kill, and its journalling.
    /// </summary>
    public TimeSpan RecordingWindow { get; init; } = TimeSpan.FromSeconds(1);
}
