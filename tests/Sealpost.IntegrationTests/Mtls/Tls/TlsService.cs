using System.Net;
using System.Text.Json;
using Sealpost.Testing.Processes;
using Sealpost.Testing.Tls;

namespace Sealpost.IntegrationTests.Mtls.Tls;

/// <summary>
/// The real service under an OpenSSL that would speak TLS 1.1, so that what is refused is refused by the service itself; and one
/// request to an endpoint by each route, with what came of it.
/// </summary>
public sealed class TlsService : IAsyncLifetime
{
    private const string EventType = "x";
    private const string Prefix = "data: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _caller = new(new SocketsHttpHandler());
    private SealpostProcess? _process;

    public TlsAuthorities Authorities { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        OpenSslConfiguration.Write(_folder.Sub("openssl"));
        _process = SealpostProcess.Start(new SealpostLaunch
        {
            Data = _folder.Sub("data"),
            Trust = [Authorities.Trusted.RootFile],
            Settings = new Dictionary<string, string> { ["Delivery:ConnectTimeout"] = "00:00:02" },
            Environment = new Dictionary<string, string> { [OpenSslConfiguration.Variable] = _folder.Sub("openssl") },
        });
        await _process.ReadyAsync(Patience, Cancellation);
    }

    /// <summary>Sends one request; where it goes through MTLS, with this p12 mapped to the endpoint, if any.</summary>
    public async Task<TlsEnd> SendAsync(Uri endpoint, TlsRoute route, byte[]? p12, TimeSpan pause)
    {
        var account = $"{Guid.NewGuid():N}";
        using var api = new SealpostApi(_process!, account);
        var mtls = new MtlsApi(_process!, api, account);
        var key = await mtls.NewKeyAsync(Cancellation);
        if (p12 is not null && route != TlsRoute.Direct)
        {
            await mtls.MapAsync(endpoint, p12, Cancellation);
            await Task.Delay(pause, TimeProvider.System, Cancellation);
        }

        using var forward = mtls.Forward(key, endpoint);
        return route == TlsRoute.Forward ? await ForwardAsync(forward) : await DeliverAsync(api, endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Authorities.Dispose();
        _folder.Dispose();
    }

    private async Task<TlsEnd> ForwardAsync(HttpRequestMessage forward)
    {
        forward.Content = new StringContent("{}");
        using var answer = await _caller.SendAsync(forward, Cancellation);
        string? Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => TlsEnd.Delivered,
            HttpStatusCode.FailedDependency => new TlsEnd(Header("LP-error-from-transport")!, Header("LP-message-from-transport")),
            _ => new TlsEnd(Json(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("code").GetString()!, null),
        };
    }

    private static async Task<TlsEnd> DeliverAsync(SealpostApi api, Uri endpoint)
    {
        await api.InstallAsync(new NewInstall("app", endpoint, EventType) { MaxRetries = 0 }, Cancellation);
        using var events = new StreamReader(await api.EventsAsync(null, Cancellation));
        await api.PublishAsync("""{"type":"x","conversationId":"c","body":{}}"""u8.ToArray(), Cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        while (await events.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(Prefix, StringComparison.Ordinal) && Json(line[Prefix.Length..]) is var attempt && attempt.TryGetProperty("outcome", out var word))
            {
                return new TlsEnd(word.GetString()!, attempt.TryGetProperty("error", out var error) ? error.GetString() : null);
            }
        }

        throw new InvalidOperationException("The live stream ended before the attempt.");
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
