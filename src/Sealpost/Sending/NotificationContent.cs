using System.Net;

namespace Sealpost.Sending;

/// <summary>The bytes of one notification, as they are; tells the clock when they start and end being written.</summary>
/// <remarks>
/// What the handler still holds in its buffer when the last byte is handed over (4 KiB at most) it flushes at once: the
/// response clock runs from then on, so that a peer that does not read cannot stop it.
/// </remarks>
internal sealed class NotificationContent(ReadOnlyMemory<byte> body, IWritingClock clock) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        clock.Connected();
        await stream.WriteAsync(body, cancellationToken);
        clock.Written();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
