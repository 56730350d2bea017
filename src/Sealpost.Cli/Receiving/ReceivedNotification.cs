using Microsoft.AspNetCore.Http;

namespace Sealpost.Cli.Receiving;

/// <summary>One POST as it came in; headers that are absent are empty.</summary>
internal sealed record ReceivedNotification
{
    public required DateTimeOffset At { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string Account { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The header <c>x-liveperson-signature</c>.</summary>
    public required string Signature { get; init; }

    public required string DeliveryId { get; init; }

    public required string Attempt { get; init; }

    /// <summary>The delivery's place in its conversation.</summary>
    public required string Sequence { get; init; }

    /// <summary>The subject of the client certificate; empty where none was shown.</summary>
    public string Client { get; init; } = "";

    public static async Task<ReceivedNotification> ReadAsync(HttpRequest request, TimeProvider clock)
    {
        var cancellation = request.HttpContext.RequestAborted;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return new ReceivedNotification
        {
            At = clock.GetUtcNow(),
            Body = body.ToArray(),
            Account = request.Headers["x-liveperson-account-id"].ToString(),
            ClientId = request.Headers["x-liveperson-client-id"].ToString(),
            Signature = request.Headers["x-liveperson-signature"].ToString(),
            DeliveryId = request.Headers["x-sealpost-delivery-id"].ToString(),
            Attempt = request.Headers["x-sealpost-attempt"].ToString(),
            Sequence = request.Headers["x-sealpost-sequence"].ToString(),
            Client = request.HttpContext.Connection.ClientCertificate?.Subject ?? "",
        };
    }
}
