using System.Text.Json;

namespace Sealpost.Testing.Journal;

/// <summary>What a receiver saw: each attempt is written down as it arrives, before it is answered. Thread safe.</summary>
/// <param name="clock">The run's clock.</param>
/// <param name="log">One JSON line per attempt, for reading after a failed run; null for none.</param>
public sealed class ReceiverJournal(JournalClock clock, TextWriter? log = null)
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedAttempt> _attempts = [];
    private readonly HashSet<(string Install, EventMark Mark)> _delivered = [];

    public JournalClock Clock => clock;

    /// <summary>How many different events were answered with success, counted once per install.</summary>
    public int Delivered
    {
        get
        {
            lock (_lock)
            {
                return _delivered.Count;
            }
        }
    }

    public void Add(ReceivedAttempt attempt)
    {
        lock (_lock)
        {
            _attempts.Add(attempt);
            if (attempt is { Succeeded: true, Mark: { } mark })
            {
                _delivered.Add((attempt.Install, mark));
            }

            log?.WriteLine(JsonSerializer.Serialize(attempt));
        }
    }

    /// <summary>Whether the install answered the event with success.</summary>
    public bool HasDelivered(string install, EventMark mark)
    {
        lock (_lock)
        {
            return _delivered.Contains((install, mark));
        }
    }

    /// <summary>All attempts so far, in the order they arrived.</summary>
    public IReadOnlyList<ReceivedAttempt> Snapshot()
    {
        lock (_lock)
        {
            return [.. _attempts];
        }
    }
}
