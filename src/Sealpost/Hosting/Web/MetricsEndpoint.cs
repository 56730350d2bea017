using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Sealpost.Telemetry;

namespace Sealpost.Hosting.Web;

/// <summary>
/// <c>GET /metrics</c> in Prometheus' text: ours and the runtime's. They also go out over OTLP where the standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.
/// </summary>
internal static class MetricsEndpoint
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Register(IServiceCollection services) => services.AddOpenTelemetry().WithMetrics(metrics =>
    {
        metrics.ConfigureResource(resource => resource.AddService("sealpost", serviceVersion: StatusPage.Version, autoGenerateServiceInstanceId: false));
        metrics.AddMeter(SealpostMetrics.MeterName).AddRuntimeInstrumentation().AddPrometheusExporter();
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OtlpEndpoint)))
        {
            metrics.AddOtlpExporter();
        }
    });

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint("/metrics");
}
