namespace Sealpost.Deliveries;

/// <summary>Why a delivery is not delivered yet.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Sentence">One sentence for people.</param>
internal sealed record Waiting(string Code, string Sentence);
