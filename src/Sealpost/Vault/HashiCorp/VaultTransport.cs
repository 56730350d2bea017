using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sealpost.Vault.HashiCorp;

/// <summary>
/// One exchange with the server: its headers, its deadline, its one redirect. It never throws for what the network or the server
/// does. Thread safe.
/// </summary>
internal sealed class VaultTransport : IDisposable
{
    private const int MaxReplyBytes = 1024 * 1024;

    /// <summary>Each exchange, from the connection to the last byte.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly string? _namespace;
    private readonly TimeProvider _time;

    /// <param name="handler">Outgoing HTTP of ours: it follows no redirect and knows whom to trust.</param>
    /// <param name="address">Setting <c>Vault:Address</c>.</param>
    /// <param name="vaultNamespace">Setting <c>Vault:Namespace</c>.</param>
    /// <param name="time">Measures the deadline.</param>
    public VaultTransport(HttpMessageHandler handler, Uri address, string? vaultNamespace, TimeProvider time)
    {
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxReplyBytes, Timeout = Timeout.InfiniteTimeSpan };
        (_address, _namespace, _time) = (address, vaultNamespace, time);
    }

    public async Task<VaultReply> SendAsync(VaultCall call, Secret? token, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var target = new Uri(_address, "/v1/" + call.Path);
            using var first = await ExchangeAsync(target, call, token, either.Token);
            if (first.StatusCode != HttpStatusCode.TemporaryRedirect)
            {
                return await ReadAsync(first, either.Token);
            }

            if (Elsewhere(target, first.Headers.Location) is not { } elsewhere)
            {
                return new VaultReply((int)first.StatusCode) { Failure = $"the server at {_address.Authority} redirects to where the token must not go" };
            }

            using var second = await ExchangeAsync(elsewhere, call, token, either.Token);
            return await ReadAsync(second, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new VaultReply(0) { Failure = $"{_address.Authority} did not answer within {Deadline.TotalSeconds:0} s", TimedOut = true };
        }
        catch (HttpRequestException e)
        {
            return new VaultReply(0) { Failure = $"{_address.Authority} cannot be reached: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}" };
        }
        catch (IOException e)
        {
            return new VaultReply(0) { Failure = $"{_address.Authority} broke off its answer: {e.Message.ReplaceLineEndings(" ")}" };
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> ExchangeAsync(Uri target, VaultCall call, Secret? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, target);
        // An Agent or Proxy may demand it, as proof that no browser was tricked into the request.
        request.Headers.Add("X-Vault-Request", "true");
        if (token is not null)
        {
            request.Headers.Add("X-Vault-Token", token.Reveal());
        }

        if (_namespace is not null)
        {
            request.Headers.Add("X-Vault-Namespace", _namespace);
        }

        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
    }

    // A standby that does not forward points to the active server. The token goes along, so never to a weaker scheme (S13).
    private static Uri? Elsewhere(Uri target, Uri? location) =>
        location is not null && Uri.TryCreate(target, location, out var elsewhere) && elsewhere.Scheme == target.Scheme && elsewhere.UserInfo.Length == 0
            ? elsewhere
            : null;

    private async Task<VaultReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var retryAfter = response.Headers.RetryAfter is { } wait ? wait.Delta ?? wait.Date - _time.GetUtcNow() : null;
        return new VaultReply((int)response.StatusCode, Parse(await response.Content.ReadAsByteArrayAsync(cancellation))) { RetryAfter = retryAfter };
    }

    // A proxy's page of HTML is as good as no body.
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
