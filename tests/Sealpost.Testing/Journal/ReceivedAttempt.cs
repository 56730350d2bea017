namespace Sealpost.Testing.Journal;

/// <summary>One request that reached the receiver, as it came in.</summary>
public sealed record ReceivedAttempt
{
    public required TimeSpan At { get; init; }

    /// <summary>The header <c>x-liveperson-client-id</c>.</summary>
    public required string Install { get; init; }

    /// <summary>The header <c>x-sealpost-delivery-id</c>; empty when it is missing.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>The header <c>x-sealpost-attempt</c>; 0 when it is missing.</summary>
    public required int Attempt { get; init; }

    /// <summary>The header <c>x-sealpost-sequence</c>; 0 when it is missing.</summary>
    public required long Sequence { get; init; }

    /// <summary>Read from the body; null when the body is no journalled event.</summary>
    public required EventMark? Mark { get; init; }

    /// <summary>Of the body's bytes, <see cref="EventBody.Digest"/>.</summary>
    public required ulong Digest { get; init; }

    public required bool SignatureValid { get; init; }

    /// <summary>The status it is answered with.</summary>
    public required int Status { get; init; }

    /// <summary>Only 200 and 201 are success (protocol 3).</summary>
    public bool Succeeded => Status is 200 or 201;
}
