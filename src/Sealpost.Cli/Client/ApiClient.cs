using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Sealpost.Cli.Client;

/// <summary>
/// The one place from which the command line speaks HTTP to the service (contract.md, HTTP). A success gives an
/// <see cref="Answer"/>; everything else is an <see cref="ApiException"/> or a <see cref="ServerUnreachableException"/>.
/// </summary>
internal sealed class ApiClient(Connection connection, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _http = new(ClientHandler.Create(connection)) { BaseAddress = connection.Server };

    public Uri Server => connection.Server;

    public Connection Connection => connection;

    /// <summary>A path under the account, such as <c>deliveries?limit=10</c>.</summary>
    public string InAccount(string rest) => $"api/account/{connection.Account}/{rest}";

    /// <summary>The app installs' path; <paramref name="rest"/> such as <c>/{client_id}</c>.</summary>
    public string Installs(string rest = "") => InAccount($"configuration/app-install/installations{rest}?v=1.0");

    public Task<Answer> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    public Task<Answer> PostAsync(string path, JsonNode? body, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonBody(body) }, cancellation);

    public Task<Answer> PutAsync(string path, JsonNode body, string? revision, CancellationToken cancellation) =>
        SendAsync(IfMatch(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonBody(body) }, revision), cancellation);

    public Task<Answer> DeleteAsync(string path, string? revision, CancellationToken cancellation) =>
        SendAsync(IfMatch(new HttpRequestMessage(HttpMethod.Delete, path), revision), cancellation);

    public async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await OpenAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var revision = response.Headers.TryGetValues("ac-revision", out var values) ? values.First() : null;
        return new Answer(body, revision);
    }

    /// <summary>A successful response whose body is still to be read; the caller disposes of it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        using var sent = request;
        var response = await AnyAsync(request, completion, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            throw ApiException.From(response, body, clock.GetUtcNow(), connection);
        }
    }

    /// <summary>The response, whatever its status, for calls whose answers are somebody else's; the caller disposes of both.</summary>
    public async Task<HttpResponseMessage> AnyAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        if (connection.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        }

        try
        {
            return await _http.SendAsync(request, completion, cancellation);
        }
        catch (HttpRequestException exception)
        {
            throw new ServerUnreachableException(connection.Server, exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent JsonBody(JsonNode? body)
    {
        var content = new ByteArrayContent(body is null ? [] : System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    // Revisions travel as the server wrote them, whether or not they look like an entity tag.
    private static HttpRequestMessage IfMatch(HttpRequestMessage request, string? revision)
    {
        if (revision is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", revision);
        }

        return request;
    }
}
