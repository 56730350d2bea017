namespace Sealpost.Sending;

/// <summary>What came of one attempt. Only <see cref="Delivered"/> is a success (protocol 3).</summary>
public enum OutcomeKind
{
    /// <summary>The endpoint answered 200 or 201 in time.</summary>
    Delivered,

    /// <summary>The endpoint answered, with another status.</summary>
    Status,

    /// <summary>DNS, TCP and TLS together took longer than the connect timeout.</summary>
    ConnectTimeout,

    /// <summary>No status line and headers within the response timeout.</summary>
    ReadTimeout,

    /// <summary>The host's name has no address.</summary>
    Dns,

    /// <summary>The host refused the connection, or no route leads to it.</summary>
    Refused,

    /// <summary>The handshake failed, or the endpoint's certificate is not valid.</summary>
    Tls,

    /// <summary>The connection ended before an answer.</summary>
    Closed,

    /// <summary>What came back is not HTTP, or too much of it.</summary>
    InvalidResponse,

    /// <summary>The egress guard does not allow this address, port or name.</summary>
    EgressDenied,

    /// <summary>The process stopped before the answer: the attempt counts as not made.</summary>
    Abandoned,

    /// <summary>The endpoint ended the connection at the sight of the client certificate.</summary>
    CertificateRejected,

    /// <summary>The MTLS service itself failed or was not reached: nothing is known of the endpoint (protocol 5).</summary>
    MtlsUnavailable,

    /// <summary>The MTLS service takes no more of this account for now: the attempt counts as not made.</summary>
    Throttled,
}

/// <summary>What came of one attempt, with what the log of attempts keeps of it.</summary>
public sealed record Outcome
{
    /// <summary>The response bytes kept of one attempt, at most (protocol 3).</summary>
    public const int MaxResponseBytes = 4096;

    public required OutcomeKind Kind { get; init; }

    /// <summary>The endpoint's status; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>One line on what went wrong, without anything secret; null after a success.</summary>
    public string? Error { get; init; }

    /// <summary>How long the endpoint asked to wait, from a 429 or 503; null otherwise.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>From the request fully written to its status line and headers; null when none came.</summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>The whole attempt, connecting and reading included.</summary>
    public required TimeSpan Duration { get; init; }

    public Route Route { get; init; }

    /// <summary>The first bytes of the response body, at most <see cref="MaxResponseBytes"/>.</summary>
    public ReadOnlyMemory<byte> Response { get; init; }

    /// <summary>Whether the attempt was made; one that was not changes nothing.</summary>
    public bool IsMade => Kind is not (OutcomeKind.Abandoned or OutcomeKind.Throttled);

    public bool Succeeded => Kind == OutcomeKind.Delivered;
}
