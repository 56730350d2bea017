using Sealpost.Mailrooms;
using Sealpost.Sending;

namespace Sealpost.Deliveries.History;

/// <summary>One attempt as the log keeps it.</summary>
internal sealed record LoggedAttempt
{
    public required DeliveryId Delivery { get; init; }

    /// <summary>From 1; starts over when the install's retry becomes one by numbers.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    public required TimeSpan Duration { get; init; }

    public Route Route { get; init; }

    public int? Status { get; init; }

    public string? Error { get; init; }

    /// <summary>The first bytes of the response.</summary>
    public ReadOnlyMemory<byte> Response { get; init; }

    public static LoggedAttempt Of(in Completion completion) => new()
    {
        Delivery = completion.Attempt.Delivery,
        Number = completion.Attempt.Number,
        At = completion.EndedAt - completion.Outcome.Duration,
        Duration = completion.Outcome.Duration,
        Route = completion.Outcome.Route,
        Status = completion.Outcome.Status,
        Error = completion.Outcome.Error,
        Response = completion.Outcome.Response,
    };
}
