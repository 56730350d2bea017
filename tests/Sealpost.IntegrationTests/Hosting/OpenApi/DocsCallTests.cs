using System.Text.RegularExpressions;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>The page of the calls, as it is served.</summary>
public sealed partial class DocsCallTests
{
    [Fact]
    public async Task The_page_and_all_that_it_loads_come_from_this_server_and_it_runs_no_script()
    {
        await using var service = await RunningService.StartAsync();

        using var page = await service.Client.GetAsync("/docs", TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)page.StatusCode);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
        Assert.DoesNotMatch(@"<script|<style|<iframe|<form|\sstyle=|\son\w+=""|url\(|@import", html);
        var loaded = References().Matches(html).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(["/docs/style.css", "/", "/openapi/v1.json"], loaded);
        foreach (var target in loaded)
        {
            using var answer = await service.Client.GetAsync(target, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
            var type = answer.Content.Headers.ContentType!.MediaType;
            Assert.True(type is "text/html" or "application/json" or "text/css", type);
            Assert.DoesNotMatch(@"url\(|@import", type == "text/css" ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : "");
        }
    }

    [Fact]
    public async Task The_status_page_leads_to_it_and_nobody_has_to_authenticate()
    {
        await using var service = await RunningService.StartAsync(new RunningOptions { Environment = "Production" });

        var status = await service.Client.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Contains("href=\"/docs\"", status, StringComparison.Ordinal);
        Assert.Contains("href=\"/openapi/v1.json\"", status, StringComparison.Ordinal);
        using var page = await service.Client.GetAsync("/docs", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)page.StatusCode);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"#][^\"]*)\"")]
    private static partial Regex References();
}
