using Sealpost.Vault;

namespace Sealpost.Mtls.P12;

/// <summary>What came of reading a p12: the certificate in it, or why it is not taken.</summary>
internal sealed record P12Reading
{
    private P12Reading()
    {
    }

    /// <summary>The certificate, its key and its intermediates; null: it was refused.</summary>
    public KeyMaterial? Material { get; private init; }

    /// <summary>When the certificate ends.</summary>
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>Why it is not taken; null: it is.</summary>
    public P12Refusal? Refusal { get; private init; }

    /// <summary>The refusal's sentence; empty where there is none.</summary>
    public string Sentence { get; private init; } = "";

    /// <summary>What the uploader should know though it is taken.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    public static P12Reading Taken(KeyMaterial material, DateTimeOffset expiresAt, IReadOnlyList<string> warnings) =>
        new() { Material = material, ExpiresAt = expiresAt, Warnings = warnings };

    /// <param name="refusal">Why.</param>
    /// <param name="fact">What was found, as it goes into the sentence.</param>
    public static P12Reading Refused(P12Refusal refusal, string fact = "") =>
        new() { Refusal = refusal, Sentence = refusal.Sentence(fact) };
}
