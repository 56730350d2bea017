using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Accounts;

/// <summary>No call that changes something is forgotten by the audit.</summary>
public sealed class AuditedRoutesTests
{
    /// <summary>They take much traffic, or change nothing: publishing, forwarding, and what only asks.</summary>
    private static readonly string[] Exempt =
    [
        "/api/account/{account}/notifications", "/mtls/account/{account}", "/mtls/mapping", "/mtls/account/{account}/p12-test/multipart",
    ];

    [Fact]
    public async Task Every_route_that_is_not_a_read_is_audited_or_exempt()
    {
        await using var service = await RunningService.StartAsync();
        var routes = service.Host.Routes.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>() is { } methods && methods.HttpMethods.Any(method => method is not ("GET" or "HEAD")))
            .ToList();

        Assert.Equal(
            Exempt.Order(StringComparer.Ordinal),
            routes.Where(route => route.Metadata.GetMetadata<AuditedAs>() is null).Select(route => route.RoutePattern.RawText).Order(StringComparer.Ordinal));
        Assert.True(routes.Count > 20);
    }

    [Fact]
    public void Every_answer_of_ours_says_its_status_to_the_audit()
    {
        var silent = typeof(SealpostHost).Assembly.GetTypes()
            .Where(type => typeof(IResult).IsAssignableFrom(type) && !typeof(IStatusCodeHttpResult).IsAssignableFrom(type))
            .Select(type => type.Name);

        // The answer to a question: always 200.
        Assert.Equal(["CheckAnswer"], silent);
    }

    [Fact]
    public async Task The_address_is_the_callers_behind_a_trusted_proxy()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Server__TrustedProxies", "127.0.0.1"));
        await service.InstallAsync("acme");
        using var request = service.Request("DELETE", "/api/account/acme/tokens/tok_1");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var audit = await service.CallAsync("GET", "/api/account/acme/audit");

        Assert.Equal(["203.0.113.7", "127.0.0.1"], audit.Json.GetProperty("items").EnumerateArray().Select(act => act.GetProperty("remoteAddress").GetString()));
    }
}
