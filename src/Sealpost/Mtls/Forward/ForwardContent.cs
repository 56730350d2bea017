using System.Buffers;
using System.Net;

namespace Sealpost.Mtls.Forward;

/// <summary>The caller's body on its way to the endpoint, some KiB of it at a time.</summary>
/// <param name="body">What to send.</param>
/// <param name="exchange">Learns of the writing.</param>
internal sealed class ForwardContent(ForwardBody body, Exchange exchange) : HttpContent
{
    private const int BufferBytes = 32 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        exchange.Connected();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await ReadAsync(buffer, cancellationToken)) > 0)
            {
                exchange.Clock.AwaitTaking();
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                // The connection keeps some KiB back until more comes, and the caller may wait with more for an answer to these.
                await stream.FlushAsync(cancellationToken);
            }

            exchange.Written();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length ?? 0;
        return body.Length is not null;
    }

    private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellation)
    {
        exchange.Clock.AwaitCaller();
        try
        {
            return await body.Source.ReadAsync(buffer, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            exchange.CallerFailure = e;
            throw;
        }
    }
}

/// <summary>A body to forward.</summary>
/// <param name="Source">Read once.</param>
/// <param name="Length">In bytes; null: not known before its end.</param>
internal sealed record ForwardBody(Stream Source, long? Length);
