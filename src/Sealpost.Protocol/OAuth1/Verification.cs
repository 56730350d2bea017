namespace Sealpost.Protocol.OAuth1;

/// <summary>What became of the check of a signed request.</summary>
public enum VerificationKind
{
    /// <summary>The signature is this request's under the key that it names. Its nonce is still to be looked up.</summary>
    Verified,

    /// <summary>The header cannot be read, or asks for what is not taken: 400.</summary>
    Malformed,

    /// <summary>The timestamp is too far off: 401, whoever it is.</summary>
    TimestampOff,

    /// <summary>No such key, or not its signature: 401, and nobody learns which.</summary>
    NotAuthenticated,
}

/// <summary>A kind with what belongs to it.</summary>
/// <param name="Kind">What became of the check.</param>
/// <param name="Detail">A sentence for people, without a secret; empty when verified.</param>
public sealed record Verification(VerificationKind Kind, string Detail)
{
    /// <summary>What the header says; null when malformed.</summary>
    public OAuthParameters? Parameters { get; init; }

    /// <summary>What was signed here, to be compared with what was signed there; null when it did not come to that.</summary>
    public string? BaseString { get; init; }
}
