using System.Net;

namespace Sealpost.Sending;

/// <summary>What an endpoint's own answer makes of an attempt (seed): 200 and 201 deliver, any other status does not. Pure.</summary>
internal static class EndpointAnswer
{
    /// <param name="response">The answer.</param>
    /// <param name="body">What was read of its body.</param>
    /// <param name="responseTime">How long it took.</param>
    /// <param name="duration">How long the attempt took.</param>
    /// <param name="now">The moment.</param>
    public static Outcome Read(HttpResponseMessage response, ReadOnlyMemory<byte> body, TimeSpan responseTime, TimeSpan duration, DateTimeOffset now)
    {
        var delivered = response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created;
        return new Outcome
        {
            Kind = delivered ? OutcomeKind.Delivered : OutcomeKind.Status,
            Status = (int)response.StatusCode,
            Error = delivered ? null : $"the endpoint answered {(int)response.StatusCode}",
            RetryAfter = RetryAfter.Of(response, now),
            ResponseTime = responseTime,
            Duration = duration,
            Response = body,
        };
    }
}
