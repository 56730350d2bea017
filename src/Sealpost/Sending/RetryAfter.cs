using System.Net;
using System.Net.Http.Headers;

namespace Sealpost.Sending;

/// <summary>How long an endpoint asks to wait (RFC 9110, 10.2.3), which counts with a 429 and a 503.</summary>
internal static class RetryAfter
{
    /// <summary>Null where the answer asks for nothing, or says it in a way that is not HTTP's.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now) => Of(response, (int)response.StatusCode, now);

    /// <summary>The same for an answer that stands for another one's status.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, int status, DateTimeOffset now)
    {
        if (status is not ((int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.ServiceUnavailable)
            || !response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        if (!RetryConditionHeaderValue.TryParse(values.First(), out var asked))
        {
            return null;
        }

        var wait = asked.Delta ?? asked.Date!.Value - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
