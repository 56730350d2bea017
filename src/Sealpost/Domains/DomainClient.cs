using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Sealpost.Accounts;

namespace Sealpost.Domains;

/// <summary>
/// Asks a Domain API where a service is for an account (protocol 6), and remembers the answer: it is asked again only by
/// <see cref="RefreshAsync"/>, and while it cannot be reached the last answer holds. Thread safe.
/// </summary>
/// <param name="invoker">Sends the questions.</param>
/// <param name="url">The API's scheme, host and port.</param>
/// <param name="service">The service looked for.</param>
internal sealed class DomainClient(HttpMessageInvoker invoker, Func<Uri> url, string service)
{
    private readonly ConcurrentDictionary<AccountId, Uri> _known = new();

    /// <summary>Where the service is, <c>https://host[:port]</c>; asked for only the first time.</summary>
    /// <exception cref="HttpRequestException">It is not known, and the API did not say.</exception>
    public ValueTask<Uri> FindAsync(AccountId account, CancellationToken cancellation) =>
        _known.TryGetValue(account, out var known) ? ValueTask.FromResult(known) : new ValueTask<Uri>(AskAsync(account, cancellation));

    /// <summary>Asks anew.</summary>
    /// <exception cref="HttpRequestException">It is not known, and the API did not say.</exception>
    public async Task<Uri> RefreshAsync(AccountId account, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(account, cancellation);
        }
        catch (HttpRequestException) when (_known.TryGetValue(account, out _))
        {
            return _known[account];
        }
    }

    private async Task<Uri> AskAsync(AccountId account, CancellationToken cancellation)
    {
        var question = new Uri(url(), $"/api/account/{account.Value}/service/{service}/baseURI.json?version=1.0");
        using var request = new HttpRequestMessage(HttpMethod.Get, question);
        using var response = await invoker.SendAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"the Domain API at {question.Authority} answered {(int)response.StatusCode}");
        }

        var answer = await response.Content.ReadAsStringAsync(cancellation);
        return _known[account] = Read(answer) ?? throw new HttpRequestException($"the Domain API at {question.Authority} gave no baseURI");
    }

    private static Uri? Read(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("baseURI", out var baseUri)
                && baseUri.ValueKind == JsonValueKind.String
                && Uri.TryCreate("https://" + baseUri.GetString(), UriKind.Absolute, out var found)
                && found.PathAndQuery == "/"
                ? found
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
