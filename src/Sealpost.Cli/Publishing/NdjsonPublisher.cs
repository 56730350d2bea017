using System.Buffers;
using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Publishing;

/// <summary>Sends an NDJSON stream batch after batch, each taken before the next is sent: so the file's order is the order of acceptance.</summary>
internal sealed class NdjsonPublisher(ApiClient api, PatientSending sending, Publication publication)
{
    private readonly List<string> _ids = [];
    private long _accepted;
    private long _deliveries;

    /// <summary>Publishes all of <paramref name="stream"/>; <paramref name="progress"/> is told the bytes taken so far.</summary>
    /// <returns>The batches' answers as one: <c>{"accepted","deliveries","ids"}</c>.</returns>
    /// <exception cref="VerbFailedException">A batch was refused; says what was taken before, and how to go on.</exception>
    public async Task<Answer> PublishAsync(Stream stream, Action<long> progress, CancellationToken cancellation)
    {
        var (number, bytes) = (0, 0L);
        await foreach (var batch in new NdjsonBatches().ReadAsync(stream, cancellation))
        {
            number++;
            await SendAsync(batch, number, cancellation);
            progress(bytes += batch.Bytes.Length);
        }

        return number == 0 ? throw new VerbFailedException("nothing to publish: the input is empty.") : Sum();
    }

    private async Task SendAsync(NdjsonBatch batch, int number, CancellationToken cancellation)
    {
        try
        {
            var answer = (await sending.SendAsync(() => publication.Batch(api, batch, number), cancellation)).Json();
            _accepted += answer.Member("accepted").GetInt64();
            _deliveries += answer.Member("deliveries").GetInt64();
            _ids.AddRange(answer.Member("ids").Items().Select(id => id.Text()));
        }
        catch (Exception refusal) when (refusal is ApiException or ServerUnreachableException && number > 1)
        {
            throw new VerbFailedException(
                $"{refusal.Message} This is about the batch that starts at line {batch.FirstLine}; the {_accepted} events before it are accepted. "
                + $"To go on, publish the same file with --idempotency-key {publication.IdempotencyKey}: nothing is doubled.");
        }
    }

    private Answer Sum()
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted", _accepted);
            writer.WriteNumber("deliveries", _deliveries);
            writer.WriteStartArray("ids");
            foreach (var id in _ids)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new Answer(json.WrittenMemory, Revision: null);
    }
}
