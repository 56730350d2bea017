using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sealpost.Hosting.Lifetime;
using Sealpost.Hosting.Settings;

namespace Sealpost.Hosting.Web;

/// <summary>The two ports. Both serve everything: HTTP/1.1 on one, HTTP/1.1 and HTTP/2 over TLS on the other.</summary>
internal static class WebServer
{
    private const int MaxHeaders = 100;
    private const int MaxHeaderBytes = 32 * 1024;

    // A list call's target with every filter and a cursor stays far below.
    private const int MaxRequestLineBytes = 8 * 1024;

    /// <summary>The server, not yet started. Nothing is read from the working directory, nor from variables but <c>OTEL_*</c>.</summary>
    public static WebApplication Build(
        SealpostSettings settings,
        SslServerAuthenticationOptions tls,
        ILoggerFactory loggers,
        IReadOnlyDictionary<string, string> environment,
        Action<IServiceCollection> register)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "Sealpost",
            EnvironmentName = settings.Server.Development ? Environments.Development : Environments.Production,
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddLogging();
        builder.Services.AddRoutingCore();
        MetricsEndpoint.Register(builder, environment);
        register(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings, tls));
        var app = builder.Build();
        TrustProxies(app, settings.Server);
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<RequestGuard>();
        app.UseRouting();
        return app;
    }

    /// <summary>Starts to listen, and gives the URLs with the ports in use.</summary>
    /// <exception cref="StartException">A port is taken or may not be used.</exception>
    public static async Task<(Uri Http, Uri Https)> Start(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartException(e.Message, e);
        }

        var urls = app.Urls.Select(url => new Uri(url)).ToList();
        return (urls.Single(url => url.Scheme == Uri.UriSchemeHttp), urls.Single(url => url.Scheme == Uri.UriSchemeHttps));
    }

    private static void Configure(KestrelServerOptions kestrel, SealpostSettings settings, SslServerAuthenticationOptions tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = settings.Publish.MaxRequestBytes;
        kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        kestrel.Listen(settings.Server.Bind, settings.Server.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(settings.Server.Bind, settings.Server.HttpsPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
        });
    }

    private static void TrustProxies(WebApplication app, ServerOptions server)
    {
        if (server.TrustedProxies.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in server.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }
}
