using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Mailrooms;

/// <summary>One publish request, checked and parsed, on its way to the ledger: all of it is accepted, or nothing.</summary>
internal sealed class Submission(AccountId account)
{
    private readonly TaskCompletionSource<SubmissionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AccountId Account { get; } = account;

    /// <summary>The notifications in the order of the request; their bytes must stay as they are until the result is known.</summary>
    public List<SubmittedNotification> Notifications { get; } = [];

    /// <summary>Lines that were published: 1 for a single event.</summary>
    public int Lines { get; set; }

    /// <summary>The publisher's key and what it was used for; null without a key.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Set for a test event: it goes to this webhook alone, whatever its type.</summary>
    public TestTarget? Target { get; init; }

    /// <summary>Set where nothing is published: deliveries that are owed once more.</summary>
    public ReplayWish? Replay { get; init; }

    /// <summary>The number of the install that it is about, for an operational event: that one is not told of itself.</summary>
    public int? About { get; init; }

    /// <summary>Notifications that its commit writes, at most.</summary>
    public int Size => Notifications.Count + (Replay?.Originals.Count ?? 0);

    /// <summary>Known once the commit is durable, or refused.</summary>
    public Task<SubmissionResult> Result => _result.Task;

    public void Complete(SubmissionResult result) => _result.TrySetResult(result);
}

/// <summary>One notification of a submission, with the line it came from, from 0.</summary>
internal readonly record struct SubmittedNotification(int Line, NotificationPart Part);

/// <summary>An <c>Idempotency-Key</c> and the SHA-256 of what was published under it.</summary>
internal sealed record IdempotencyKey(string Key, byte[] BodyHash);

/// <summary>The one webhook that a test event goes to.</summary>
internal sealed record TestTarget(Install Install, string EventType);
