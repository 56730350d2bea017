namespace Sealpost.Testing.Journal;

/// <summary>What a journalled event says of itself in its body: its conversation, and its number there (unique, not necessarily in order).</summary>
public readonly record struct EventMark(string Conversation, long Number)
{
    public override string ToString() => $"event {Number} of {Conversation}";
}
