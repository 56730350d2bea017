namespace Sealpost.Mtls.P12;

/// <summary>Why a p12 is not taken (security, S7 to S9). Each has its code and its sentence in <see cref="P12Refusals"/>.</summary>
internal enum P12Refusal
{
    TooLarge,
    NoP12,
    WrongPassword,
    TooManyIterations,
    TooManyCertificates,
    UnsupportedEncryption,
    NoKey,
    KeyWithoutCertificate,
    SeveralKeys,
    KeyMismatch,
    UnsupportedKey,
    WeakKey,
    HugeKey,
    UnsupportedCurve,
    WeakSignature,
    WrongUsage,
    Expired,
    NotYetValid,
}
