using System.Net.Http.Headers;
using System.Text.Json;
using Sealpost.IntegrationTests.Mtls;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting;

/// <summary>In Production, behind a terminator that speaks HTTP to us, and without one.</summary>
public sealed class ForwardedHeadersTests
{
    private static readonly (string, string) Trusting = ("SEALPOST_Server__TrustedProxies", "127.0.0.1");

    [Fact]
    public async Task A_login_over_HTTP_is_taken_from_a_trusted_proxy_that_says_https_alone()
    {
        await using var service = await StartAsync(Trusting);

        Assert.Equal(200, (await LoginAsync(service, null, ("X-Forwarded-Proto", "https"))).Status);
        Assert.Equal(200, (await LoginAsync(service, null, ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https"))).Status);
        Assert.Equal((403, "https_required"), Coded(await LoginAsync(service, null)));
        Assert.Equal((403, "https_required"), Coded(await LoginAsync(service, null, ("X-Forwarded-Proto", "http"))));
    }

    [Fact]
    public async Task Nobody_else_is_believed()
    {
        await using var nobody = await StartAsync();
        Assert.Equal((403, "https_required"), Coded(await LoginAsync(nobody, null, ("X-Forwarded-Proto", "https"))));

        await using var another = await StartAsync(("SEALPOST_Server__TrustedProxies", "192.0.2.0/24"));
        Assert.Equal((403, "https_required"), Coded(await LoginAsync(another, null, ("X-Forwarded-Proto", "https"))));
    }

    [Fact]
    public async Task A_forward_over_HTTP_is_taken_from_a_trusted_proxy_that_says_https_alone()
    {
        await using var calls = await ForwardCalls.StartAsync(
            "Production", Trusting, ("SEALPOST_Egress__AllowedNetworks", "127.0.0.0/8"), ("SEALPOST_Server__PublicUrl", "https://hooks.example"));
        var key = calls.KeyOf("a");

        var plain = await SendAsync(calls, key);
        Assert.Equal((403, "https_required"), Coded(plain));
        Assert.Equal(200, (await SendAsync(calls, key, ("X-Forwarded-Proto", "https"))).Status);
    }

    [Fact]
    public async Task Failures_are_counted_for_the_address_that_a_trusted_proxy_names()
    {
        await using var service = await StartAsync(Trusting);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await FromAsync(service, "198.51.100.7", "wrong")).Status);
        }

        var refused = await FromAsync(service, "198.51.100.7", service.Token);
        Assert.Equal((429, "too_many_failures"), Coded(refused));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 6);
        Assert.Equal(200, (await FromAsync(service, "198.51.100.8", service.Token)).Status);

        // What the caller itself wrote in front of it is not believed.
        Assert.Equal(429, (await FromAsync(service, "203.0.113.9, 198.51.100.7", service.Token)).Status);
    }

    [Fact]
    public async Task An_IPv6_caller_is_its_whole_64()
    {
        await using var service = await StartAsync(Trusting);
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(401, (await FromAsync(service, $"2001:db8::{i}", "wrong")).Status);
        }

        Assert.Equal(429, (await FromAsync(service, "2001:db8::ffff", service.Token)).Status);
        Assert.Equal(200, (await FromAsync(service, "2001:db8:0:1::1", service.Token)).Status);
    }

    private static Task<RunningService> StartAsync(params (string, string)[] settings) =>
        RunningService.StartAsync(new RunningOptions { Environment = "Production" }, settings);

    private static (int, string?) Coded(Answer answer) => (answer.Status, answer.Code);

    private static Task<Answer> FromAsync(RunningService service, string address, string password) =>
        LoginAsync(service, password, ("X-Forwarded-For", address), ("X-Forwarded-Proto", "https"));

    private static async Task<Answer> LoginAsync(RunningService service, string? password, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/account/acme/login");
        request.Content = new StringContent(
            JsonSerializer.Serialize(new { username = "ann", password = password ?? service.Token }), new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }

    private static async Task<Answer> SendAsync(ForwardCalls calls, Protocol.OAuth1.OAuthKey key, params (string Name, string Value)[] headers)
    {
        Assert.True(Protocol.OAuth1.SignedRequest.TryParse("POST", "https://hooks.example/mtls/account/a", out var signed));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mtls/account/a") { Content = new StringContent("hello") };
        request.Headers.TryAddWithoutValidation("Authorization", Protocol.OAuth1.OAuthSigner.Sign(
            signed, key, Protocol.OAuth1.SignatureMethod.HmacSha1, TimeProvider.System.GetUtcNow(), Guid.NewGuid().ToString("N")));
        request.Headers.TryAddWithoutValidation("LP-forward-url", calls.Endpoint.OriginalString);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await calls.Service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }
}
