namespace Sealpost.Testing.Receivers;

/// <summary>What a <see cref="ScriptedReceiver"/> answers to one request.</summary>
public sealed record Answer(int Status = 200)
{
    /// <summary>Between the request read and the status line; default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Headers of the answer, one value each.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body; default empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
