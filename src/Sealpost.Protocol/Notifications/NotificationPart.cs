namespace Sealpost.Protocol.Notifications;

/// <summary>One notification as it is signed and sent: the bytes of one conversation and one event type (protocol 1).</summary>
/// <param name="EventType">The event type key.</param>
/// <param name="Conversation">The key of order, 1 to 256 bytes of UTF-8.</param>
/// <param name="Bytes">The published bytes, or for a split the envelope around this part's changes.</param>
public readonly record struct NotificationPart(string EventType, string Conversation, ReadOnlyMemory<byte> Bytes);

/// <summary>Why an envelope is refused.</summary>
/// <param name="Code">A stable code, <c>envelope_…</c>.</param>
/// <param name="Message">One sentence for the publisher.</param>
public sealed record EnvelopeError(string Code, string Message);
