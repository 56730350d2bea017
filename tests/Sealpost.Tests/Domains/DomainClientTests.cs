using System.Net;
using Sealpost.Accounts;
using Sealpost.Domains;

namespace Sealpost.Tests.Domains;

public sealed class DomainClientTests : IDisposable
{
    private static readonly AccountId Acme = AccountId.Parse("acme");

    private readonly ScriptedApi _api = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly DomainClient _client;

    public DomainClientTests()
    {
        _invoker = new HttpMessageInvoker(_api);
        _client = new DomainClient(_invoker, () => new Uri("https://domains.example"), "mtlsGateway");
    }

    [Fact]
    public async Task A_domain_is_asked_for_once()
    {
        _api.Answer = (HttpStatusCode.OK, """{"service":"mtlsGateway","account":"acme","baseURI":"mtls.example:8443"}""");
        Assert.Equal(new Uri("https://mtls.example:8443"), await _client.FindAsync(Acme, Cancellation));
        Assert.Equal(new Uri("https://mtls.example:8443"), await _client.FindAsync(Acme, Cancellation));
        Assert.Equal(["https://domains.example/api/account/acme/service/mtlsGateway/baseURI.json?version=1.0"], _api.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "{}", "answered 503")]
    [InlineData(HttpStatusCode.NotFound, "{}", "answered 404")]
    [InlineData(HttpStatusCode.OK, "no JSON", "no baseURI")]
    [InlineData(HttpStatusCode.OK, "[]", "no baseURI")]
    [InlineData(HttpStatusCode.OK, """{"baseURI":7}""", "no baseURI")]
    [InlineData(HttpStatusCode.OK, """{"baseURI":"host/with/a/path"}""", "no baseURI")]
    public async Task An_API_that_fails_or_says_something_else_is_told_and_asked_again(HttpStatusCode status, string body, string told)
    {
        _api.Answer = (status, body);
        var failure = await Assert.ThrowsAsync<HttpRequestException>(async () => await _client.FindAsync(Acme, Cancellation));
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);

        _api.Answer = (HttpStatusCode.OK, """{"baseURI":"mtls.example"}""");
        Assert.Equal(new Uri("https://mtls.example"), await _client.FindAsync(Acme, Cancellation));
    }

    [Fact]
    public async Task What_was_known_holds_while_the_API_fails_and_changes_when_it_answers()
    {
        _api.Answer = (HttpStatusCode.OK, """{"baseURI":"first.example"}""");
        await _client.FindAsync(Acme, Cancellation);
        _api.Answer = null;
        Assert.Equal(new Uri("https://first.example"), await _client.RefreshAsync(Acme, Cancellation));
        Assert.Equal(new Uri("https://first.example"), await _client.FindAsync(Acme, Cancellation));

        _api.Answer = (HttpStatusCode.OK, """{"baseURI":"second.example"}""");
        Assert.Equal(new Uri("https://second.example"), await _client.RefreshAsync(Acme, Cancellation));
        Assert.Equal(new Uri("https://second.example"), await _client.FindAsync(Acme, Cancellation));
    }

    public void Dispose() => _invoker.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Null: it is not reached.</summary>
    private sealed class ScriptedApi : HttpMessageHandler
    {
        public (HttpStatusCode Status, string Body)? Answer { get; set; }

        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.ToString());
            return Answer is { } answer
                ? Task.FromResult(new HttpResponseMessage(answer.Status) { Content = new StringContent(answer.Body) })
                : Task.FromException<HttpResponseMessage>(new HttpRequestException("not reached"));
        }
    }
}
