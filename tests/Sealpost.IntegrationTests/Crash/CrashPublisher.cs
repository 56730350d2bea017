using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sealpost.Testing.Journal;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Crash;

/// <summary>
/// One publisher: a request at a time, singles and NDJSON mixed, most with an idempotency key. A request with a key is
/// asked again under the same key until it is answered, and now and then once more after that; one without a key is not.
/// </summary>
internal sealed class CrashPublisher(string account, PublisherJournal journal, KilledService service, CrashEvents events, Random random)
{
    private const double KeyedShare = 0.8;
    private const double AskedAgainShare = 0.05;
    private const double SingleShare = 0.5;
    private const int MostLines = 20;
    private const int LongestPauseMilliseconds = 10;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = new() { Timeout = AnswerLimit };

    /// <summary>Publishes until <paramref name="stop"/>; the last request is still brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellation)
    {
        while (!stop.IsCancellationRequested)
        {
            await PublishAsync(cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestPauseMilliseconds)), TimeProvider.System, cancellation);
        }
    }

    private async Task PublishAsync(CancellationToken cancellation)
    {
        var lines = events.Next(random, random.NextDouble() < SingleShare ? 1 : random.Next(2, MostLines + 1));
        var key = random.NextDouble() < KeyedShare ? Guid.NewGuid().ToString() : null;
        var number = journal.Begin(key, [.. lines.Select(l => l.Event)]);
        var body = new PublishBody(key, [.. lines.Select(l => l.Body)]);
        await TryAsync(number, body, cancellation);
        while (key is not null && journal.Read(number).Outcome is PublishOutcome.Unknown)
        {
            await Task.Delay(RetryPause, TimeProvider.System, cancellation);
            journal.Again(number);
            await TryAsync(number, body, cancellation);
        }

        if (key is not null && random.NextDouble() < AskedAgainShare && journal.Read(number).Outcome is PublishOutcome.Ok)
        {
            journal.Again(number);
            await TryAsync(number, body, cancellation);
        }
    }

    private async Task TryAsync(long number, PublishBody body, CancellationToken cancellation)
    {
        var life = await service.UpAsync(cancellation);
        try
        {
            using var request = body.To(life, account);
            using var answer = await _client.SendAsync(request, cancellation);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                journal.Ok(number, ReadIds(await answer.Content.ReadAsStringAsync(cancellation)));
            }
            else
            {
                journal.Failed(number, (int)answer.StatusCode);
                await Task.Delay(RetryPause, TimeProvider.System, cancellation);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException or JsonException && !cancellation.IsCancellationRequested)
        {
            journal.Unknown(number, broken.Message);
        }
    }

    private static string[] ReadIds(string answer) =>
        [.. JsonDocument.Parse(answer).RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];

    private sealed record PublishBody(string? Key, IReadOnlyList<byte[]> Lines)
    {
        public HttpRequestMessage To(SealpostProcess life, string account)
        {
            var bytes = Lines.Count == 1 ? Lines[0] : [.. Lines.SelectMany(line => line.Append((byte)'\n'))];
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(life.Http, $"/api/account/{account}/notifications"))
            {
                Content = new ByteArrayContent(bytes),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(Lines.Count == 1 ? "application/json" : "application/x-ndjson");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", life.AdminToken);
            if (Key is not null)
            {
                request.Headers.Add("Idempotency-Key", Key);
            }

            return request;
        }
    }
}
