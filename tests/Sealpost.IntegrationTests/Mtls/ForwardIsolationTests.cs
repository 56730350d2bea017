using System.Security.Authentication;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>Whose certificate goes where, and who may ask for it.</summary>
public sealed class ForwardIsolationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Two_accounts_with_the_same_host_each_present_their_own_certificate_on_their_own_connection(SslProtocols version)
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await calls.DemandingAsync(new ReceiverOptions(calls.Service.Pki.Server()) { TlsProtocols = version });
        var url = receiver.At("/x").OriginalString;
        using var ofA = await calls.MappedAsync("a", url);
        using var ofB = await calls.MappedAsync("b", url);

        for (var i = 0; i < 16; i++)
        {
            await Task.WhenAll(calls.PostAsync(url, "a", "a"), calls.PostAsync(url, "b", "b"));
            Assert.Equal(200, (await calls.PostAsync(url, i % 2 == 0 ? "a" : "b", i % 2 == 0 ? "a" : "b")).Status);
        }

        Assert.Equal(48, receiver.Requests.Count);
        Assert.All(receiver.Requests, request => Assert.Equal(request.Text + ".example", request.ClientName));
        var byConnection = receiver.Requests.GroupBy(request => request.ConnectionId);
        Assert.All(byConnection, connection => Assert.Single(connection.Select(request => request.Text).Distinct()));
    }

    [Fact]
    public async Task Two_accounts_without_a_certificate_share_no_connection_either()
    {
        await using var calls = await ForwardCalls.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await calls.PostAsync(calls.Endpoint.OriginalString, "a", "a");
            await calls.PostAsync(calls.Endpoint.OriginalString, "b", "b");
        }

        Assert.Equal(2, calls.Service.Receiver.Requests.Select(request => (request.ConnectionId, request.Text)).Distinct().Count());
        Assert.Equal(2, calls.Service.Receiver.Requests.Select(request => request.ConnectionId).Distinct().Count());
    }

    [Theory]
    [InlineData("a", "/mtls/account/b", true)]
    [InlineData("b", "/mtls/account/a", true)]
    [InlineData("a", "/mtls/account/nobody", true)]
    [InlineData("a", "/mtls/account/b/p12-test/multipart", false)]
    public async Task An_app_key_opens_nothing_of_another_account_whether_it_exists_or_not(string whose, string path, bool isForward)
    {
        await using var calls = await ForwardCalls.StartAsync();
        var url = calls.Endpoint.OriginalString;
        using var certificate = await calls.MappedAsync("b", url);
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = isForward ? new StringContent("x") : ForwardCalls.FormOf(P12Files.Of(certificate)),
        };
        request.Headers.TryAddWithoutValidation("Authorization", calls.Sign("POST", path, calls.KeyOf(whose)));
        request.Headers.TryAddWithoutValidation("LP-forward-url", url);

        var answer = await calls.SendAsync(request);

        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task A_path_that_is_written_in_another_way_leads_to_no_other_account()
    {
        await using var calls = await ForwardCalls.StartAsync();
        foreach (var path in (string[])["/mtls/account/a/../b", "/mtls/account/%62", "/mtls/account/b/"])
        {
            var answer = await RawCall.SendAsync(
                calls.Service.Client.BaseAddress!,
                $"POST {path}",
                [$"Host: {calls.Service.Client.BaseAddress!.Authority}", $"Authorization: {calls.Sign("POST", "/mtls/account/a", calls.KeyOf("a"))}", $"LP-forward-url: {calls.Endpoint}"]);
            Assert.True(answer.Status is 400 or 401 or 403 or 404, $"{path}: {answer.Status}");
        }

        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task A_bearer_or_a_key_without_the_privilege_forwards_nothing()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var reader = await calls.NewKeyAsync("a", "\"MTLS_READ_INTERNAL\",\"MTLS_WRITE_INTERNAL\"");
        using var bearer = calls.Service.Request("POST", "/mtls/account/a");
        bearer.Headers.TryAddWithoutValidation("LP-forward-url", calls.Endpoint.OriginalString);
        using var unsigned = new HttpRequestMessage(HttpMethod.Post, "/mtls/account/a");

        Assert.Equal(403, (await calls.SendAsync(calls.Forward("POST", calls.Endpoint.OriginalString, key: reader))).Status);
        Assert.Equal(401, (await calls.SendAsync(bearer)).Status);
        Assert.Equal(401, (await calls.SendAsync(unsigned)).Status);
        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task A_signed_request_reaches_the_endpoint_once_however_often_it_is_sent()
    {
        await using var calls = await ForwardCalls.StartAsync(("SEALPOST_Server__PublicUrl", "https://gateway.example"));
        var header = SignFor("https://gateway.example/mtls/account/a", calls.KeyOf("a"));

        var first = await Task.WhenAll(Replay(calls, header), Replay(calls, header));
        var again = await Replay(calls, header);
        await calls.Service.RestartAsync();
        var afterRestart = await Replay(calls, header);

        Assert.Equal([200, 401], first.Select(answer => answer.Status).Order());
        Assert.Equal((401, "oauth_nonce_used"), (again.Status, again.Code));
        Assert.Equal((401, "oauth_nonce_used"), (afterRestart.Status, afterRestart.Code));
        Assert.Single(calls.Service.Receiver.Requests);
    }

    private static Task<Support.Answer> Replay(ForwardCalls calls, string header)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mtls/account/a") { Content = new StringContent("x") };
        return calls.SendAsync(request, ("Authorization", header), ("LP-forward-url", calls.Endpoint.OriginalString));
    }

    private static string SignFor(string url, OAuthKey key)
    {
        Assert.True(SignedRequest.TryParse("POST", url, out var request));
        return OAuthSigner.Sign(request, key, SignatureMethod.HmacSha1, TimeProvider.System.GetUtcNow(), "a-nonce-of-its-own");
    }
}
