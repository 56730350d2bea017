using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sealpost.Accounts;
using Sealpost.Hosting;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Publishing;

/// <summary>Reads a publish request into a submission, or says what is wrong with it: the first bad line, and nothing is accepted.</summary>
internal sealed class PublishReader(PublishOptions options, BodyBudget budget)
{
    private const int MaxKeyLength = 255;
    private const string KeyHeader = "Idempotency-Key";

    public async ValueTask<(Submission? Submission, Problem? Problem)> ReadAsync(HttpContext http, AccountId account, BodyLease body)
    {
        var request = http.Request;
        if (BodyFormats.Of(request) is not { } format)
        {
            return (null, PublishProblems.MediaType);
        }

        var overrides = Overrides(request, out var problem);
        if (problem is not null)
        {
            return (null, problem);
        }

        var key = request.Headers[KeyHeader];
        if (key.Count > 0 && !IsKey(key))
        {
            return (null, PublishProblems.BadKey);
        }

        problem = await ReadBodyAsync(http, body);
        if (problem is not null)
        {
            return (null, problem);
        }

        var submission = new Submission(account) { Key = key.Count == 0 ? null : KeyOf(key[0]!, format, overrides, body.Body.Span) };
        problem = format == BodyFormat.Json ? ReadOne(body.Body, overrides, submission) : ReadLines(body.Body, overrides, submission);
        return problem is null ? (submission, null) : (null, problem);
    }

    private async ValueTask<Problem?> ReadBodyAsync(HttpContext http, BodyLease body)
    {
        try
        {
            return await body.ReadAsync(http.Request.Body, http.Request.ContentLength, options.MaxRequestBytes, budget, http.RequestAborted) switch
            {
                BodyRead.Whole => null,
                BodyRead.TooLarge => PublishProblems.RequestTooLarge(options.MaxRequestBytes),
                BodyRead.Busy => PublishProblems.Busy,
            };
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return PublishProblems.RequestTooLarge(options.MaxRequestBytes);
        }
    }

    private Problem? ReadOne(ReadOnlyMemory<byte> body, Keys overrides, Submission submission) =>
        body.IsEmpty ? PublishProblems.Empty : ReadEvent(1, body, overrides, submission, []);

    private Problem? ReadLines(ReadOnlyMemory<byte> body, Keys overrides, Submission submission)
    {
        var parts = new List<NotificationPart>();
        foreach (var line in new NdjsonLines(body))
        {
            if (submission.Lines == options.MaxLines)
            {
                return PublishProblems.TooManyLines(options.MaxLines);
            }

            if (ReadEvent(line.Number, line.Event, overrides, submission, parts) is { } problem)
            {
                return problem;
            }
        }

        return submission.Lines == 0 ? PublishProblems.Empty : null;
    }

    private Problem? ReadEvent(int number, ReadOnlyMemory<byte> json, Keys overrides, Submission submission, List<NotificationPart> parts)
    {
        if (json.Length > options.MaxEventBytes)
        {
            return PublishProblems.EventTooLarge(number, options.MaxEventBytes);
        }

        parts.Clear();
        if (Envelope.Read(json, overrides.EventType, overrides.Conversation, parts) is { } error)
        {
            return PublishProblems.Of(number, error);
        }

        foreach (var part in parts)
        {
            submission.Notifications.Add(new SubmittedNotification(submission.Lines, part));
        }

        submission.Lines++;
        return null;
    }

    private static Keys Overrides(HttpRequest request, out Problem? problem)
    {
        problem = null;
        if (!request.QueryString.HasValue)
        {
            return default;
        }

        var (eventType, conversation) = (request.Query["eventType"], request.Query["conversation"]);
        problem = eventType.Count > 1 ? PublishProblems.RepeatedParameter("eventType")
            : conversation.Count > 1 ? PublishProblems.RepeatedParameter("conversation")
            : null;
        return new Keys(eventType, conversation);
    }

    private static bool IsKey(StringValues key) =>
        key is [{ Length: > 0 and <= MaxKeyLength } text] && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    // The same key for another way of reading the same bytes is another request.
    private static IdempotencyKey KeyOf(string key, BodyFormat format, Keys overrides, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{format}\n{overrides.EventType}\n{overrides.Conversation}\n"));
        hash.AppendData(body);
        return new IdempotencyKey(key, hash.GetHashAndReset());
    }

    /// <summary>The query's overrides of every event's own keys.</summary>
    private readonly record struct Keys(string? EventType, string? Conversation);
}
