using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Sealpost.Cli.Client;

/// <summary>
/// The account's server-sent events as one endless stream: a lost connection is made again with <c>Last-Event-ID</c>.
/// The first connection must succeed; later ones are tried until the caller stops. A refusal that waiting does not mend
/// (401, 403, 404) ends the stream with its <see cref="ApiException"/>.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="clock">The time.</param>
/// <param name="note">Told when the connection is lost.</param>
/// <param name="query">What to see of them, such as <c>?conversation=c</c>.</param>
internal sealed class EventStream(ApiClient api, TimeProvider clock, Action<string> note, string query = "")
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    private string? _lastEventId;
    private bool _connectedBefore;

    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            using var response = await ConnectAsync(cancellation);
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var parser = SseParser.Create(body);
            await using var items = parser.EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(items))
            {
                Remember(parser);
                yield return items.Current;
            }

            Remember(parser);

            note("connection lost, reconnecting");
            await Task.Delay(ReconnectDelay, clock, cancellation);
        }
    }

    private async Task<HttpResponseMessage> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var response = await api.OpenAsync(Request(), HttpCompletionOption.ResponseHeadersRead, cancellation);
                _connectedBefore = true;
                return response;
            }
            catch (Exception failure) when (_connectedBefore && failure is ServerUnreachableException or ApiException { IsPassing: true })
            {
                await Task.Delay(ReconnectDelay, clock, cancellation);
            }
        }
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, api.InAccount("events" + query));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _lastEventId);
        }

        return request;
    }

    // A stream without an event yet says too where it goes on.
    private void Remember(SseParser<string> parser) => _lastEventId = parser.LastEventId is { Length: > 0 } id ? id : _lastEventId;

    // False at the end of the stream, and when the connection broke: both mean to connect again.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
