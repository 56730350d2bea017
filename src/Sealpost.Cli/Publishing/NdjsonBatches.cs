using System.Runtime.CompilerServices;

namespace Sealpost.Cli.Publishing;

/// <summary>Whole lines of an NDJSON file that go to the server in one request.</summary>
/// <param name="FirstLine">The number of its first line in the file, from 1.</param>
/// <param name="Lines">How many lines, empty ones included.</param>
/// <param name="Bytes">The lines as they are, with their ends.</param>
internal sealed record NdjsonBatch(long FirstLine, int Lines, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Cuts an NDJSON stream into batches that fit the server's limits with room to spare (its defaults: 10,000 lines,
/// 16 MiB a request). A longer line is a batch of its own, for the server to judge.
/// </summary>
internal sealed class NdjsonBatches(int maxLines = 1000, int maxBytes = 8 * 1024 * 1024)
{
    private const int ChunkBytes = 64 * 1024;

    // Far beyond any event the server takes; without a bound a file without newlines would fill the memory.
    private const int MaxLineBytes = 64 * 1024 * 1024;

    public async IAsyncEnumerable<NdjsonBatch> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var chunk = new byte[ChunkBytes];
        var line = new MemoryStream();
        var batch = new MemoryStream();
        var (firstLine, lines) = (1L, 0);
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellation)) > 0)
        {
            var start = 0;
            int end;
            while ((end = Array.IndexOf(chunk, (byte)'\n', start, read - start)) >= 0)
            {
                line.Write(chunk, start, end + 1 - start);
                start = end + 1;
                if (lines > 0 && (lines == maxLines || batch.Length + line.Length > maxBytes))
                {
                    yield return new NdjsonBatch(firstLine, lines, batch.ToArray());
                    (firstLine, lines) = (firstLine + lines, 0);
                    batch.SetLength(0);
                }

                line.WriteTo(batch);
                line.SetLength(0);
                lines++;
            }

            line.Write(chunk, start, read - start);
            if (line.Length > MaxLineBytes)
            {
                throw new VerbFailedException($"line {firstLine + lines} is longer than {MaxLineBytes} bytes: is this NDJSON?");
            }
        }

        if (line.Length > 0 && lines > 0 && (lines == maxLines || batch.Length + line.Length > maxBytes))
        {
            yield return new NdjsonBatch(firstLine, lines, batch.ToArray());
            (firstLine, lines) = (firstLine + lines, 0);
            batch.SetLength(0);
        }

        line.WriteTo(batch);
        if (batch.Length > 0)
        {
            yield return new NdjsonBatch(firstLine, lines + (line.Length > 0 ? 1 : 0), batch.ToArray());
        }
    }
}
