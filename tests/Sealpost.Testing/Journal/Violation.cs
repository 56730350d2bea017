namespace Sealpost.Testing.Journal;

/// <summary>Which promise was broken.</summary>
public enum ViolationKind
{
    /// <summary>An accepted event never arrived with success.</summary>
    Lost,

    /// <summary>Of a request without an answer, some events arrived and others did not, or not at every install.</summary>
    Partial,

    /// <summary>An event of a refused request arrived.</summary>
    RefusedYetDelivered,

    /// <summary>One event became several deliveries to one install.</summary>
    AcceptedTwice,

    /// <summary>The same idempotency key was answered with other ids.</summary>
    AnswersDiffer,

    /// <summary>The order of acceptance is not the order of publishing.</summary>
    OutOfOrder,

    /// <summary>A delivery was attempted before the one ahead of it had its outcome.</summary>
    Overtaken,

    /// <summary>A delivery came again after its success without a crash that explains it.</summary>
    Repeated,

    /// <summary>The signature is wrong.</summary>
    BadSignature,

    /// <summary>Not the bytes that were published, or not the same at each attempt.</summary>
    ChangedBytes,

    /// <summary>The same delivery id with another sequence or event, or a sequence used twice.</summary>
    ChangedIdentity,

    /// <summary>An attempt that belongs to no published event or no known install.</summary>
    Stranger,
}

/// <summary>A broken promise.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Sentence">What was seen, for a person.</param>
public sealed record Violation(ViolationKind Kind, string Sentence)
{
    public override string ToString() => $"{Kind}: {Sentence}";
}
