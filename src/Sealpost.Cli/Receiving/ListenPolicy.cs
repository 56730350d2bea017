using Microsoft.AspNetCore.Http;
using Sealpost.Protocol.Signing;
using Sealpost.Vault;

namespace Sealpost.Cli.Receiving;

/// <summary>What a signature turned out to be.</summary>
internal enum SignatureCheck
{
    Valid,
    Wrong,

    /// <summary>No secret was given to check it with.</summary>
    NotChecked,

    /// <summary>The secret's file is not there (yet).</summary>
    NoSecret,
}

/// <summary>How <c>listen</c> answers; pure.</summary>
/// <param name="Status">The answer to what is in order.</param>
/// <param name="FailRate">The share of answers that are 503 instead, 0 to 1.</param>
internal sealed record ListenPolicy(int Status, double FailRate)
{
    public static SignatureCheck Check(ReceivedNotification notification, Secret secret) =>
        NotificationSignature.Verify(notification.Signature, secret.Utf8, notification.Body.Span) ? SignatureCheck.Valid : SignatureCheck.Wrong;

    /// <param name="check">What the signature turned out to be.</param>
    /// <param name="chance">From 0 to below 1.</param>
    public int Answer(SignatureCheck check, double chance) => check switch
    {
        // As a receiver in production should: what is not signed by the install is refused.
        SignatureCheck.Wrong => StatusCodes.Status401Unauthorized,
        // Comes again when the secret's file is there.
        SignatureCheck.NoSecret => StatusCodes.Status503ServiceUnavailable,
        SignatureCheck.Valid or SignatureCheck.NotChecked => chance < FailRate ? StatusCodes.Status503ServiceUnavailable : Status,
    };
}
