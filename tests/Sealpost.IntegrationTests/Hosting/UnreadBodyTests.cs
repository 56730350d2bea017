using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting;

public sealed class UnreadBodyTests
{
    [Fact]
    public async Task Every_call_that_needs_somebody_answers_a_stranger_before_a_byte_of_the_body_has_come()
    {
        await using var service = await RunningService.StartAsync();
        var calls = service.Host.Routes.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<NeedOfRoute>() is not null || route.Metadata.GetMetadata<PrivilegeOfRoute>() is not null)
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (route, method) => $"{method} {PathOf(route)}")
            .Where(call => !call.StartsWith("HEAD ", StringComparison.Ordinal))
            .ToList();
        Assert.True(calls.Count > 30, "the routes were not found");

        foreach (var call in calls)
        {
            Assert.StartsWith("HTTP/1.1 401 ", await AnswerAsync(service.Host.HttpUrl, call, ""), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 401 ", await AnswerAsync(service.Host.HttpUrl, call, "Authorization: Bearer guess\r\n"), StringComparison.Ordinal);
        }
    }

    private static string PathOf(RouteEndpoint route) =>
        string.Join('/', route.RoutePattern.RawText!.Split('/').Select(segment => segment.StartsWith('{') ? "1" : segment));

    // The body is announced and never sent; what comes back within the patience of a test was not waiting for it.
    private static async Task<string> AnswerAsync(Uri server, string call, string header)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(4));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"{call} HTTP/1.1\r\nHost: x\r\n{header}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"), limit.Token);
        var answer = new byte[4096];
        return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer, limit.Token));
    }
}
