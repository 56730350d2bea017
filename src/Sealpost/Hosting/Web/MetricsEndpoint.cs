using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
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

    private const string VariablePrefix = "OTEL_";

    /// <param name="builder">Takes the services, and for the exporter the standard variables alone.</param>
    /// <param name="environment">The process's environment variables.</param>
    public static void Register(WebApplicationBuilder builder, IReadOnlyDictionary<string, string> environment)
    {
        builder.Configuration.AddInMemoryCollection(environment
            .Where(variable => variable.Key.StartsWith(VariablePrefix, StringComparison.Ordinal))
            .Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)));
        Register(builder.Services, isExported: environment.GetValueOrDefault(OtlpEndpoint) is { Length: > 0 });
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint("/metrics");

    private static void Register(IServiceCollection services, bool isExported) => services.AddOpenTelemetry().WithMetrics(metrics =>
    {
        metrics.ConfigureResource(resource => resource.AddService("sealpost", serviceVersion: StatusPage.Version, autoGenerateServiceInstanceId: false));
        metrics.AddMeter(SealpostMetrics.MeterName).AddRuntimeInstrumentation().AddPrometheusExporter();
        if (isExported)
        {
            metrics.AddOtlpExporter();
        }
    });
}
