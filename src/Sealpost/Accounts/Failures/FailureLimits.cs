using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;

namespace Sealpost.Accounts.Failures;

/// <summary>
/// Keeps addresses that fail again and again from costing work: 10 failed logins a minute, 100 wrong tokens or signatures a second,
/// for each address. What is beyond is answered 429 <c>too_many_failures</c> before anything is read or computed. Thread safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="refused">Told of each 429.</param>
internal sealed class FailureLimits(TimeProvider time, Action? refused = null)
{
    private const int MostAddresses = 100_000;

    private readonly FailureLimit _logins = new(10, TimeSpan.FromMinutes(1), MostAddresses, time);
    private readonly FailureLimit _credentials = new(100, TimeSpan.FromSeconds(1), MostAddresses, time);

    /// <summary>The answer to a login that is not looked at; null: it is.</summary>
    public Problem? RefuseLogin(HttpContext http) => Refuse(_logins, http);

    public void LoginFailed(HttpContext http) => _logins.Failed(From(http));

    /// <summary>The answer to a token or signature that is not looked at; null: it is.</summary>
    public Problem? RefuseCredential(HttpContext http) => Refuse(_credentials, http);

    public void CredentialFailed(HttpContext http) => _credentials.Failed(From(http));

    private Problem? Refuse(FailureLimit limit, HttpContext http)
    {
        if (limit.Wait(From(http)) is not { } wait)
        {
            return null;
        }

        refused?.Invoke();
        return new Problem(
            StatusCodes.Status429TooManyRequests, "too_many_failures", "This address has failed to authenticate too often: try again after Retry-After.")
        {
            RetryAfter = wait,
        };
    }

    // Behind a trusted proxy: the address that it names.
    private static RemoteAddress From(HttpContext http) => RemoteAddress.Of(http.Connection.RemoteIpAddress);
}
