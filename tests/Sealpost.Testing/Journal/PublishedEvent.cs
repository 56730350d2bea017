namespace Sealpost.Testing.Journal;

/// <summary>One line of a publish request.</summary>
/// <param name="Mark">Which event it is.</param>
/// <param name="Digest">Of its bytes, <see cref="EventBody.Digest"/>.</param>
public readonly record struct PublishedEvent(EventMark Mark, ulong Digest);
