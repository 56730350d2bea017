using Sealpost.Testing.Journal;

namespace Sealpost.Tests.Journal;

/// <summary>Writes a small history by hand, one line per thing that happened; time moves 10 ms with each.</summary>
internal sealed class HistoryScript(params SubscribedInstall[] installs)
{
    public static readonly SubscribedInstall Strict = new("ttl");
    public static readonly SubscribedInstall ByNumbers = new("numbers", MaxRetries: 1);

    private readonly List<PublishRequest> _requests = [];
    private readonly List<ReceivedAttempt> _attempts = [];
    private readonly List<TimeSpan> _kills = [];
    private TimeSpan _now;

    /// <summary>A request whose events all are of conversation <c>c</c>, with these numbers.</summary>
    public HistoryScript Publish(PublishOutcome outcome, params long[] numbers)
    {
        _requests.Add(new PublishRequest
        {
            Number = _requests.Count + 1,
            IdempotencyKey = null,
            Events = [.. numbers.Select(n => new PublishedEvent(new EventMark("c", n), (ulong)n))],
            StartedAt = Tick(),
            AcceptedBy = outcome is PublishOutcome.Ok ? Tick() : null,
            Unanswered = outcome is PublishOutcome.Unknown,
        });
        return this;
    }

    /// <summary>An attempt of the delivery <c>d{number}</c>, with the number as its sequence.</summary>
    public HistoryScript Receive(long number, string install = "ttl", int status = 200) =>
        Receive(number, a => a with { Install = install, Status = status });

    /// <summary>The same, with a fault planted.</summary>
    public HistoryScript Receive(long number, Func<ReceivedAttempt, ReceivedAttempt> plant)
    {
        _attempts.Add(plant(new ReceivedAttempt
        {
            At = Tick(),
            Install = "ttl",
            DeliveryId = $"d{number}",
            Attempt = 1,
            Sequence = number,
            Mark = new EventMark("c", number),
            Digest = (ulong)number,
            SignatureValid = true,
            Status = 200,
        }));
        return this;
    }

    public HistoryScript Kill()
    {
        _kills.Add(Tick());
        return this;
    }

    public HistoryScript Wait(TimeSpan time)
    {
        _now += time;
        return this;
    }

    public HistoryScript Change(Func<PublishRequest, PublishRequest> change)
    {
        _requests[^1] = change(_requests[^1]);
        return this;
    }

    /// <summary>The kinds of everything the checker found, each once.</summary>
    public IEnumerable<ViolationKind> Found() => DeliveryChecker
        .Check(new DeliveryHistory(installs, _requests, _attempts, _kills))
        .Select(v => v.Kind)
        .Distinct();

    private TimeSpan Tick() => _now += TimeSpan.FromMilliseconds(10);
}
