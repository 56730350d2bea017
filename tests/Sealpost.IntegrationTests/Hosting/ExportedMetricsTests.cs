using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sealpost.Hosting;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Hosting;

public class ExportedMetricsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Metrics_go_out_over_OTLP_where_the_standard_variables_say()
    {
        var stop = TestContext.Current.CancellationToken;
        var exported = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await StartCollectorAsync(exported);
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        };

        await using var host = await SealpostHost.StartAsync(
            new ServeFlags(Path.Combine(folder.Path, "data"), 0, 0, null, [], "Development"), environment, TextWriter.Null, TimeProvider.System);

        Assert.Contains("sealpost.published.lines", await exported.Task.WaitAsync(Patience, stop), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartCollectorAsync(TaskCompletionSource<string> exported)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            exported.TrySetResult(Encoding.Latin1.GetString(body.ToArray()));
        });
        await app.StartAsync();
        return app;
    }
}
