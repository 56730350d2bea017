using System.Buffers;
using System.Globalization;
using System.Net;
using Sealpost.Protocol.Installs;
using Sealpost.Protocol.Signing;

namespace Sealpost.Sending;

/// <summary>Writes an attempt as the request of protocol 3.</summary>
internal static class NotificationRequest
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>All control characters but HTAB.</summary>
    private static readonly SearchValues<char> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(c => (char)c).Where(c => c != '\t')]);

    /// <inheritdoc cref="Create(Attempt, Uri, IWritingClock, DateTimeOffset)"/>
    public static HttpRequestMessage Create(Attempt attempt, IWritingClock clock, DateTimeOffset now) => Create(attempt, attempt.Webhook.Endpoint, clock, now);

    /// <param name="attempt">What to send.</param>
    /// <param name="target">Where it goes at first: its endpoint, or who forwards it there.</param>
    /// <param name="clock">Learns of the writing.</param>
    /// <param name="now">Decides between the install's secrets.</param>
    /// <exception cref="ArgumentException">A header of the install would break the request: it never came through a manifest.</exception>
    public static HttpRequestMessage Create(Attempt attempt, Uri target, IWritingClock clock, DateTimeOffset now)
    {
        var install = attempt.Install;
        var signature = NotificationSignature.Sign(
            install.Manifest.Signature, install.Secrets.SigningAt(now).Utf8, attempt.Body.Span);
        var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            // HTTP/2 where the endpoint offers it, else HTTP/1.1; never 3, whose connections no guard would see.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new NotificationContent(attempt.Body, clock),
        };

        // Names and values are ours and well-formed, so nothing needs to parse them again.
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var headers = request.Headers;
        headers.TryAddWithoutValidation("x-liveperson-account-id", install.Account.Value);
        headers.TryAddWithoutValidation("x-liveperson-client-id", install.ClientIdText);
        headers.TryAddWithoutValidation("x-liveperson-signature", signature);
        if (install.Manifest.SealpostHeaders)
        {
            headers.TryAddWithoutValidation("x-sealpost-delivery-id", attempt.Delivery.ToString());
            headers.TryAddWithoutValidation("x-sealpost-attempt", attempt.Number.ToString(CultureInfo.InvariantCulture));
            headers.TryAddWithoutValidation("x-sealpost-sequence", attempt.Sequence.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var header in attempt.Webhook.Headers)
        {
            Add(request, header);
        }

        return request;
    }

    /// <summary>What is added unparsed is written raw, line ends included (security, fact 2): so look once more.</summary>
    private static void Add(HttpRequestMessage request, WebhookHeader header)
    {
        if (header.Name.Length == 0 || header.Name.AsSpan().ContainsAnyExcept(TokenCharacters)
            || header.Value.AsSpan().ContainsAny(ControlCharacters))
        {
            throw new ArgumentException("An install's header is no HTTP header", nameof(header));
        }

        // The platform files some names, such as Content-Language, under the content and takes them nowhere else.
        if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            request.Content!.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }
    }
}
