using System.Globalization;
using System.Net;
using System.Text.Json;
using Sealpost.Sending;

namespace Sealpost.Mtls.Routes;

/// <summary>
/// Says whose doing an answer of the forward is (protocol 5): 1. 424: the endpoint's failure, with its status or why it was not
/// reached. 2. 429: MTLS takes no more for now. 3. Any other status from 400 on: MTLS's own failure. 4. Lower ones are the endpoint's. Pure.
/// </summary>
internal static class TransportAnswer
{
    /// <param name="response">The answer.</param>
    /// <param name="body">What was read of its body.</param>
    /// <param name="took">How long the gateway took, for an answer that does not say how long the endpoint did.</param>
    /// <param name="now">The moment.</param>
    public static Outcome Read(HttpResponseMessage response, ReadOnlyMemory<byte> body, TimeSpan took, DateTimeOffset now)
    {
        var responseTime = ResponseTime(response) ?? took;
        return (int)response.StatusCode switch
        {
            (int)HttpStatusCode.FailedDependency => Failed(response, body, responseTime, now),
            (int)HttpStatusCode.TooManyRequests => new Outcome
            {
                Kind = OutcomeKind.Throttled,
                Error = "the MTLS service takes no more of this account for now",
                RetryAfter = RetryAfter.Of(response, now),
                Duration = default,
            },
            >= 400 and var own => Unavailable($"the MTLS service answered {own}{Code(body)}") with { Response = body },
            200 or 201 => new Outcome { Kind = OutcomeKind.Delivered, Status = (int)response.StatusCode, ResponseTime = responseTime, Duration = default, Response = body },
            var status => Answered(status, response, body, responseTime, now),
        };
    }

    /// <summary>Nothing is known of the endpoint.</summary>
    public static Outcome Unavailable(string error) => new() { Kind = OutcomeKind.MtlsUnavailable, Error = $"mtls_unavailable: {error}", Duration = default };

    private static Outcome Failed(HttpResponseMessage response, ReadOnlyMemory<byte> body, TimeSpan responseTime, DateTimeOffset now)
    {
        if (TransportErrors.KindOf(Value(response, TransportHeaders.Error)) is { } kind)
        {
            return new Outcome { Kind = kind, Error = Text(kind, Value(response, TransportHeaders.Message)), Duration = default };
        }

        var isStatus = int.TryParse(Value(response, TransportHeaders.Status), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and < 1000;
        return Answered(isStatus ? status : (int)HttpStatusCode.FailedDependency, response, body, responseTime, now);
    }

    private static Outcome Answered(int status, HttpResponseMessage response, ReadOnlyMemory<byte> body, TimeSpan responseTime, DateTimeOffset now) => new()
    {
        Kind = OutcomeKind.Status,
        Status = status,
        Error = $"the endpoint answered {status}",
        RetryAfter = RetryAfter.Of(response, status, now),
        ResponseTime = responseTime,
        Duration = default,
        Response = body,
    };

    // The forward's own line says more than the word; from a gateway of somebody else's it may be anything.
    private static string Text(OutcomeKind kind, string? message) =>
        message is { Length: > 0 and <= 512 } && message.All(letter => letter is >= ' ' and <= '~') ? message : $"through MTLS: {TransportErrors.Of(kind)}";

    private static TimeSpan? ResponseTime(HttpResponseMessage response) =>
        long.TryParse(Value(response, TransportHeaders.ResponseTime), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    // The code of a problem, such as certificate_unavailable.
    private static string Code(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                ? $" ({code.GetString()})"
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
