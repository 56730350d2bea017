using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Publishing;

/// <summary>Everything that a publish request is refused for, with its stable code.</summary>
internal static class PublishProblems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    public static Problem MediaType { get; } = new(
        StatusCodes.Status415UnsupportedMediaType,
        "media_type",
        "Publish application/json (one event) or application/x-ndjson (one event a line), in UTF-8 and without a content encoding.");

    public static Problem Empty { get; } = new(StatusCodes.Status400BadRequest, "body_empty", "The body has no event.");

    public static Problem BadKey { get; } = new(
        StatusCodes.Status400BadRequest, "idempotency_key_invalid", "An Idempotency-Key is 1 to 255 visible ASCII characters, given once.");

    public static Problem Busy { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "busy", "Too many bytes are being published at this moment.")
    { RetryAfter = Soon };

    public static Problem RepeatedParameter(string name) => new(
        StatusCodes.Status400BadRequest, "parameter_repeated", $"The query parameter {name} is given more than once.");

    public static Problem RequestTooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, "request_too_large", Text($"The body is larger than {maxBytes} bytes (Publish:MaxRequestBytes)."));

    public static Problem TooManyLines(int maxLines) => new(
        StatusCodes.Status413PayloadTooLarge, "too_many_lines", Text($"The body has more than {maxLines} events (Publish:MaxLines)."));

    public static Problem EventTooLarge(int line, int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, "event_too_large", Text($"Line {line}: the event is larger than {maxBytes} bytes (Publish:MaxEventBytes)."))
    {
        Extensions = Line(line),
    };

    public static Problem Of(int line, EnvelopeError error) => new(StatusCodes.Status400BadRequest, error.Code, Text($"Line {line}: {error.Message}"))
    {
        Extensions = Line(line),
    };

    public static Problem Of(Refusal refusal) => refusal switch
    {
        Refusal.IdempotencyConflict => new(
            StatusCodes.Status409Conflict, "idempotency_conflict", "This Idempotency-Key was used for another body."),
        Refusal.BacklogFull => new(
            StatusCodes.Status429TooManyRequests, "backlog_full", "The account has as much stored as it may (Limits:StoredPerAccount, Limits:StoredBytesPerAccount).")
        {
            RetryAfter = Later,
        },
        Refusal.DiskReserve => new(
            StatusCodes.Status503ServiceUnavailable, "disk_reserve", "The disk is nearly full (Limits:DiskReserveBytes).")
        { RetryAfter = Later },
        Refusal.StoreFull => new(
            StatusCodes.Status503ServiceUnavailable, "store_full", "The disk has no room: nothing was accepted.")
        { RetryAfter = Later },
        Refusal.Stopping => new(
            StatusCodes.Status503ServiceUnavailable, "stopping", "The service is stopping.")
        { RetryAfter = Soon },
        Refusal.None => throw new InvalidOperationException("not refused"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, object> Line(int line) => new(StringComparer.Ordinal) { ["line"] = line };
}
