namespace Sealpost.Protocol.OAuth1;

/// <summary>
/// Checks signed requests (RFC 5849 3.2). Pure: keys and time are given, and nonces are the caller's, who remembers them after a
/// request was verified. Thread safe.
/// </summary>
/// <remarks>
/// Not covered by any OAuth 1.0 signature: headers, and bodies that are not forms. Only TLS and a nonce that is taken once keep a
/// captured header from another body.
/// </remarks>
public static class OAuthVerifier
{
    /// <summary>How far a timestamp may be off, either way (protocol 7).</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private static readonly Verification Unknown = new(VerificationKind.NotAuthenticated, "The key is not known, or the signature is not right.");

    /// <summary>(1) Reads the header, (2) looks at the time, (3) finds the key, (4) compares the signatures.</summary>
    /// <param name="request">What was sent.</param>
    /// <param name="authorization">The one <c>Authorization</c> header.</param>
    /// <param name="find">The key of these names; null: not known. An unknown key costs what a wrong signature costs.</param>
    /// <param name="now">The present time.</param>
    public static Verification Verify(SignedRequest request, string authorization, Func<OAuthParameters, OAuthKey?> find, DateTimeOffset now)
    {
        var (parameters, fault) = OAuthParameters.Read(request, authorization);
        if (parameters is null)
        {
            return new Verification(VerificationKind.Malformed, fault!);
        }

        if (!IsTimely(parameters.Timestamp, now))
        {
            return new Verification(
                VerificationKind.TimestampOff, $"oauth_timestamp is more than {Window.TotalMinutes} minutes off; here it is {now.ToUnixTimeSeconds()}.")
            {
                Parameters = parameters,
            };
        }

        var key = find(parameters);
        var isKnown = key is not null && key.ConsumerKey == parameters.ConsumerKey && key.Token == parameters.Token;
        var baseString = BaseString.Of(request, parameters.Signed);
        var matches = (isKnown ? key!.Secrets : OAuthSecrets.Nobody).Matches(parameters.Signature, parameters.Method, baseString);
        var verdict = isKnown && matches ? new Verification(VerificationKind.Verified, "") : Unknown;
        return verdict with { Parameters = parameters, BaseString = baseString };
    }

    private static bool IsTimely(long timestamp, DateTimeOffset now) =>
        (now - DateTimeOffset.FromUnixTimeSeconds(timestamp)).Duration() <= Window;
}
