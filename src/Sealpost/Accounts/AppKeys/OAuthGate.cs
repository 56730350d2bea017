using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts.Failures;
using Sealpost.Hosting;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Accounts.AppKeys;

/// <summary>
/// Lets calls through that are signed with an app key (protocol 7), or answers 400, 401 or 403. (1) The header is read, (2) the
/// time and the signature are checked, (3) account and privilege, before anything is looked up, (4) the nonce is taken, once.
/// Thread safe.
/// </summary>
/// <remarks>
/// A signature covers method, URL and form. It does not cover headers and other bodies: what keeps a captured header from being
/// used with another body is TLS, and the nonce that is used up.
/// </remarks>
internal sealed partial class OAuthGate(
    AppKeyDirectory keys, NonceBook nonces, OAuthOptions options, FailureLimits failures, TimeProvider time, ILogger<OAuthGate> logger)
{
    private static readonly string Challenge = $"OAuth realm=\"{OAuthOptions.Realm}\"";

    /// <summary>
    /// Lets the call through and leaves its <see cref="Admission"/>, with the account of the path; else the answer that it gets.
    /// Where the path names no account, the handler asks <see cref="Caller.Opens"/> for each account it acts on.
    /// </summary>
    public async Task<Problem?> AdmitAsync(HttpContext http, AppKeyPrivileges privilege)
    {
        var headers = http.Request.Headers.Authorization;
        if (headers.Count > 1)
        {
            return Malformed("There are two Authorization headers.");
        }

        if (headers.Count == 0 || !AuthorizationHeader.IsOAuth(headers[0]))
        {
            return Unauthenticated(http, "unauthenticated", "A request signed with an app key (OAuth 1.0, RFC 5849) is needed.");
        }

        if (failures.RefuseCredential(http) is { } tooMany)
        {
            return tooMany;
        }

        var (request, problem) = await ReceivedRequest.Read(http, options.PublicUrl);
        if (request is null)
        {
            return problem;
        }

        var verification = OAuthVerifier.Verify(request, headers[0]!, parameters => keys.Find(parameters.ConsumerKey)?.OAuth, time.GetUtcNow());
        if (Refusal(http, verification) is { } refusal)
        {
            failures.CredentialFailed(http);
            LogRefused(verification.Detail, verification.BaseString);
            return refusal;
        }

        return ReceivedRequest.IsPathPlain(http, request)
            ? await Enter(http, verification.Parameters!, privilege)
            : new Problem(StatusCodes.Status400BadRequest, "bad_target", "The path is not written plainly: it has encoded characters or dot segments.");
    }

    /// <summary>Adds to a 401 that app keys are taken too.</summary>
    public static void AddChallenge(HttpResponse response) =>
        response.Headers.WWWAuthenticate = Microsoft.Extensions.Primitives.StringValues.Concat(response.Headers.WWWAuthenticate, Challenge);

    private async Task<Problem?> Enter(HttpContext http, OAuthParameters parameters, AppKeyPrivileges privilege)
    {
        var named = http.Request.RouteValues.TryGetValue(Gate.AccountParameter, out var value);
        if (!AccountId.TryParse(value as string, out var account) && named)
        {
            return AccountProblems.Malformed();
        }

        // A key that was revoked since the signature was checked opens nothing.
        var known = keys.Find(parameters.ConsumerKey);
        if (known is null || !known.Key.Privileges.HasFlag(privilege) || (named && !known.Caller.Opens(account)))
        {
            http.Features.Set(known is null ? null : new RefusedCaller(known.Caller));
            return new Problem(StatusCodes.Status403Forbidden, "forbidden", "This app key does not open this call.");
        }

        if (nonces.MayHaveForgotten(parameters.Timestamp))
        {
            return Unauthenticated(http, "oauth_timestamp_refused", "The request was signed before this service came up again: sign it anew.");
        }

        if (!await nonces.TakeAsync(UsedNonce.Of(parameters)))
        {
            failures.CredentialFailed(http);
            return Unauthenticated(http, "oauth_nonce_used", "The nonce was used before: each request is signed anew.");
        }

        http.Features.Set(new Admission(known.Caller, account));
        return null;
    }

    private static Problem? Refusal(HttpContext http, Verification verification) => verification.Kind switch
    {
        VerificationKind.Verified => null,
        VerificationKind.Malformed => Malformed(verification.Detail),
        VerificationKind.TimestampOff => Unauthenticated(http, "oauth_timestamp_refused", verification.Detail),
        VerificationKind.NotAuthenticated => Unauthenticated(http, "oauth_refused", verification.Detail),
    };

    private static Problem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "oauth_malformed", detail);

    private static Problem Unauthenticated(HttpContext http, string code, string detail)
    {
        AddChallenge(http.Response);
        return new Problem(StatusCodes.Status401Unauthorized, code, detail);
    }

    // The base string has no secret; whoever compares it with their own sees at once what differs.
    [LoggerMessage(Level = LogLevel.Debug, Message = "A signed request was refused: {Detail} Base string: {BaseString}")]
    private partial void LogRefused(string detail, string? baseString);
}
