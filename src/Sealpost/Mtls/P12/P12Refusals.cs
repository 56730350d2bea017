namespace Sealpost.Mtls.P12;

/// <summary>What a refusal is called on the wire, and what it says to the engineer who made the file.</summary>
internal static class P12Refusals
{
    /// <summary>The stable code.</summary>
    public static string Code(this P12Refusal refusal) => refusal switch
    {
        P12Refusal.TooLarge => "p12_too_large",
        P12Refusal.NoP12 => "p12_invalid",
        P12Refusal.WrongPassword => "p12_password_wrong",
        P12Refusal.TooManyIterations => "p12_iterations_too_high",
        P12Refusal.TooManyCertificates => "p12_too_many_certificates",
        P12Refusal.UnsupportedEncryption => "p12_encryption_unsupported",
        P12Refusal.NoKey => "p12_no_key",
        P12Refusal.KeyWithoutCertificate => "p12_no_certificate",
        P12Refusal.SeveralKeys => "p12_several_keys",
        P12Refusal.KeyMismatch => "p12_key_mismatch",
        P12Refusal.UnsupportedKey => "certificate_key_unsupported",
        P12Refusal.WeakKey => "certificate_key_weak",
        P12Refusal.HugeKey => "certificate_key_too_large",
        P12Refusal.UnsupportedCurve => "certificate_curve_unsupported",
        P12Refusal.WeakSignature => "certificate_signature_weak",
        P12Refusal.WrongUsage => "certificate_usage_wrong",
        P12Refusal.Expired => "certificate_expired",
        P12Refusal.NotYetValid => "certificate_not_yet_valid",
    };

    /// <summary>What is wrong and what to do, in a sentence or two that hold nothing of the file but what is public.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="fact">What exactly was found, such as a date; empty where there is nothing to add.</param>
    public static string Sentence(this P12Refusal refusal, string fact) => refusal switch
    {
        P12Refusal.TooLarge => $"The p12 is larger than {P12Reader.MaxBytes / 1024} KiB. One certificate with its key and intermediates takes a few KiB: export only these.",
        P12Refusal.NoP12 => $"The file is not a PKCS#12 (p12, pfx) file{fact}.",
        P12Refusal.WrongPassword => "The password does not open this p12. Look for a missing or an extra letter, such as a line break at its end.",
        P12Refusal.TooManyIterations =>
            $"The p12 is protected with more than {P12Reader.MaxIterations} iterations, which this service does not compute. Export it again with fewer; the password never leaves the upload.",
        P12Refusal.TooManyCertificates =>
            $"The p12 holds more than {P12Reader.MaxCertificates} certificates. Export the client certificate and its intermediates alone.",
        P12Refusal.UnsupportedEncryption => "The password fits the file, but not what is in it: that is encrypted with another password, or with an algorithm that this service does not know. Export it again with one password and AES-256.",
        P12Refusal.NoKey => "The p12 holds no private key. Export the certificate together with its private key.",
        P12Refusal.KeyWithoutCertificate => "The p12 holds a private key, but not the certificate that belongs to it. Export both together.",
        P12Refusal.SeveralKeys => "The p12 holds more than one private key, so it does not say which certificate is meant. Export one certificate with its key.",
        P12Refusal.KeyMismatch => "The private key in the p12 does not belong to the certificate beside it.",
        P12Refusal.UnsupportedKey => $"The certificate's key is of a kind that TLS clients are not expected to use{fact}. Use RSA or an elliptic curve (P-256, P-384, P-521).",
        P12Refusal.WeakKey => $"The certificate's RSA key has fewer than {LeafRules.LeastRsaBits} bits{fact}. Have one issued for a longer key.",
        P12Refusal.HugeKey => $"The certificate's RSA key has more than {LeafRules.MostRsaBits} bits{fact}. Have one issued for a shorter key.",
        P12Refusal.UnsupportedCurve => $"The certificate's key is on a curve other than P-256, P-384 and P-521{fact}. Have one issued for a key on one of these.",
        P12Refusal.WeakSignature => $"The certificate is signed with an algorithm that is broken{fact}. Have it issued again with SHA-256 or better.",
        P12Refusal.WrongUsage => $"The certificate is not meant for TLS clients{fact}. Have one issued with the extended key usage clientAuth.",
        P12Refusal.Expired => $"The certificate has expired{fact}. Upload one that is valid.",
        P12Refusal.NotYetValid => $"The certificate is not valid yet{fact}. Upload it when it is.",
    };
}
