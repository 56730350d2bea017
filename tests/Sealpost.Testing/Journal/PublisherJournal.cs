using System.Text.Json;

namespace Sealpost.Testing.Journal;

/// <summary>
/// What a publisher did: each request is written down before its first byte is sent, and its end when it is known.
/// A request without a conclusion is <see cref="PublishOutcome.Unknown"/>. Thread safe.
/// </summary>
/// <param name="clock">The run's clock.</param>
/// <param name="log">One JSON line per entry, for reading after a failed run; null for none.</param>
public sealed class PublisherJournal(JournalClock clock, TextWriter? log = null)
{
    private readonly Lock _lock = new();
    private readonly List<PublishRequest> _requests = [];

    /// <summary>Before a new request is sent. Gives the number under which its conclusion is reported.</summary>
    public long Begin(string? idempotencyKey, IReadOnlyList<PublishedEvent> events)
    {
        lock (_lock)
        {
            var request = new PublishRequest
            {
                Number = _requests.Count + 1,
                IdempotencyKey = idempotencyKey,
                Events = events,
                StartedAt = clock.Now,
                OpenTries = 1,
            };
            _requests.Add(request);
            Log("begin", request.Number, string.Join(' ', events.Select(e => $"{e.Mark.Conversation}:{e.Mark.Number}")));
            return request.Number;
        }
    }

    /// <summary>Before the same request is sent once more.</summary>
    public void Again(long request) =>
        Change(request, "again", "", r => r with { OpenTries = r.OpenTries + 1 });

    /// <summary>A 202 was read whole.</summary>
    public void Ok(long request, IReadOnlyList<string> ids) => Change(request, "ok", string.Join(' ', ids), r => r with
    {
        OpenTries = r.OpenTries - 1,
        AcceptedBy = r.AcceptedBy ?? clock.Now,
        Ids = r.AcceptedBy is null ? ids : r.Ids,
        AnswersDiffer = r.AnswersDiffer || (r.AcceptedBy is not null && !r.Ids.SequenceEqual(ids)),
    });

    /// <summary>A refusal was read: a 4xx or 5xx.</summary>
    public void Failed(long request, int status) =>
        Change(request, "failed", $"{status}", r => r with { OpenTries = r.OpenTries - 1 });

    /// <summary>The time ran out or the connection broke before an answer.</summary>
    public void Unknown(long request, string why) =>
        Change(request, "unknown", why, r => r with { OpenTries = r.OpenTries - 1, Unanswered = true });

    public PublishRequest Read(long request)
    {
        lock (_lock)
        {
            return _requests[(int)request - 1];
        }
    }

    /// <summary>All requests so far, in the order they were begun.</summary>
    public IReadOnlyList<PublishRequest> Snapshot()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    private void Change(long request, string entry, string detail, Func<PublishRequest, PublishRequest> change)
    {
        lock (_lock)
        {
            _requests[(int)request - 1] = change(_requests[(int)request - 1]);
            Log(entry, request, detail);
        }
    }

    private void Log(string entry, long request, string detail) =>
        log?.WriteLine(JsonSerializer.Serialize(new { at = clock.Now.TotalMilliseconds, entry, request, detail }));
}
