using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sealpost.Sending;

/// <summary>Reads what the log of attempts keeps of a response. A body read to its end leaves the connection usable.</summary>
internal static class ResponseBody
{
    /// <summary>What the body gets beyond the headers (protocol 3).</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(250);

    /// <summary>Never fails: the outcome is decided by the headers, so what came until a failure is what there is.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken deadline)
    {
        // One byte more than is kept tells a body that just fits from a longer one.
        var buffer = ArrayPool<byte>.Shared.Rent(Outcome.MaxResponseBytes + 1);
        var length = 0;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(deadline);
            while (length <= Outcome.MaxResponseBytes)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length, Outcome.MaxResponseBytes + 1 - length), deadline);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The body broke off or took too long: disposing the response closes its connection.
        }

        var kept = Math.Min(length, Outcome.MaxResponseBytes);
        var bytes = kept == 0 ? [] : buffer.AsSpan(0, kept).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }
}
