using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sealpost.Hosting;
using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Writes what came of a forward to its caller (protocol 5): (1) an answer below 400 passes as it is, (2) one of 400 and more is wrapped in
/// a 424, (3) so is what kept the endpoint from answering.
/// </summary>
internal static class ForwardAnswer
{
    /// <summary>An answer's body at most, streamed.</summary>
    public const long MaxBodyBytes = 256L << 20;

    /// <summary>A failure's body at most; what is beyond is cut off.</summary>
    public const long MaxFailureBytes = 1L << 20;

    private const int FirstFailure = 400;
    private const int FirstFinal = 200;
    private const int BufferBytes = 32 * 1024;

    public static Task WriteAsync(HttpContext http, Forwarded forwarded) => forwarded.Failure is { } failure
        ? WriteAsync(http, failure, forwarded.Clock)
        : WriteAsync(http, forwarded.Response!, forwarded.Clock);

    private static Task WriteAsync(HttpContext http, HttpResponseMessage answer, ForwardClock clock) => (int)answer.StatusCode switch
    {
        < FirstFinal => WriteAsync(http, new SendFailure(OutcomeKind.InvalidResponse, "the endpoint's answer is not HTTP"), clock),
        < FirstFailure and var status => PassAsync(http, answer, status, clock),
        var status => WrapAsync(http, answer, status, clock),
    };

    private static Task WriteAsync(HttpContext http, SendFailure failure, ForwardClock clock)
    {
        var word = TransportErrors.Of(failure.Kind);
        Note(http.Response, clock, failure.Error);
        http.Response.Headers[TransportHeaders.Error] = word;
        return new Problem(StatusCodes.Status424FailedDependency, "endpoint_" + word, $"The endpoint could not be reached: {failure.Error}.").ExecuteAsync(http);
    }

    private static Task PassAsync(HttpContext http, HttpResponseMessage answer, int status, ForwardClock clock)
    {
        var hasBody = !HttpMethods.IsHead(http.Request.Method)
            && status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);
        http.Response.StatusCode = status;
        Copy(answer, http.Response, PassingHeaders.PassesBack);
        Note(http.Response, clock, message: null);
        if (hasBody || status == StatusCodes.Status304NotModified || HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentLength = answer.Content.Headers.ContentLength;
        }

        return hasBody ? CopyBodyAsync(http, answer, clock, MaxBodyBytes, cutsOff: false) : Task.CompletedTask;
    }

    private static Task WrapAsync(HttpContext http, HttpResponseMessage answer, int status, ForwardClock clock)
    {
        http.Response.StatusCode = StatusCodes.Status424FailedDependency;
        Copy(answer, http.Response, PassingHeaders.PassesBackOfFailure);
        Note(http.Response, clock, $"the endpoint answered {status}");
        http.Response.Headers[TransportHeaders.Status] = status.ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return Task.CompletedTask;
        }

        if (answer.Content.Headers.ContentLength is <= MaxFailureBytes and var length)
        {
            http.Response.ContentLength = length;
        }

        return CopyBodyAsync(http, answer, clock, MaxFailureBytes, cutsOff: true);
    }

    private static void Note(HttpResponse response, ForwardClock clock, string? message)
    {
        response.Headers[TransportHeaders.ResponseTime] = ((long)clock.ResponseTime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (message is not null)
        {
            response.Headers[TransportHeaders.Message] = message;
        }
    }

    // The endpoint's own word, such as on caching, counts before ours.
    private static void Copy(HttpResponseMessage answer, HttpResponse response, Func<string, IReadOnlySet<string>, bool> passes)
    {
        var ofConnection = PassingHeaders.NamedBy(answer.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection : []);
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (passes(name, ofConnection) && values.Where(PassingHeaders.IsWritable).ToArray() is { Length: > 0 } writable)
            {
                response.Headers[name] = new StringValues(writable);
            }
        }
    }

    private static async Task CopyBodyAsync(HttpContext http, HttpResponseMessage answer, ForwardClock clock, long maxBytes, bool cutsOff)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var body = await answer.Content.ReadAsStreamAsync(clock.Token);
            var left = maxBytes;
            int read;
            while (left > 0 && (read = await clock.ReadAsync(body, buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)))) > 0)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
                left -= read;
            }

            if (left == 0 && !cutsOff)
            {
                http.Abort();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException)
        {
            // Status and headers are out: a connection that breaks off is the one way to say that the body does.
            http.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
