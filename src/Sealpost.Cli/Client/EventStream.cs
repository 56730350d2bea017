using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Sealpost.Cli.Client;

/// <summary>
/// The account's server-sent events as one endless stream: a lost connection is made again with <c>Last-Event-ID</c>.
/// The first connection must succeed; later ones are tried until the caller stops. A refusal that waiting does not mend
/// (401, 403, 404) ends the stream with its <see cref="ApiException"/>.
/// </summary>
internal sealed class EventStream(ApiClient api, TimeProvider clock, Action<string> note)
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
            await using var items = SseParser.Create(body).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(items))
            {
                _lastEventId = items.Current.EventId is { Length: > 0 } id ? id : _lastEventId;
                yield return items.Current;
            }

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
        var request = new HttpRequestMessage(HttpMethod.Get, api.InAccount("events"));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _lastEventId);
        }

        return request;
    }

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
