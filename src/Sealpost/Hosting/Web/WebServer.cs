using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sealpost.Hosting.Certificates;
using Sealpost.Hosting.Lifetime;

namespace Sealpost.Hosting.Web;

/// <summary>The two ports. Both serve everything: HTTP/1.1 on one, HTTP/1.1 and HTTP/2 over TLS on the other.</summary>
internal static class WebServer
{
    /// <summary>The server, not yet started. Nothing is read from the working directory, nor from variables but <c>OTEL_*</c>.</summary>
    public static WebApplication Build(
        Foundation foundation,
        PresentedCertificate certificate,
        IReadOnlyDictionary<string, string> environment,
        Action<IServiceCollection> register)
    {
        var server = foundation.Settings.Server;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "Sealpost",
            EnvironmentName = server.Development ? Environments.Development : Environments.Production,
        });
        builder.Services.AddSingleton(foundation.Loggers);
        builder.Services.AddLogging();
        builder.Services.AddRoutingCore();
        MetricsEndpoint.Register(builder, environment);
        register(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, foundation, certificate));
        var app = builder.Build();
        TrustProxies(app, server);
        var security = new SecurityHeaders(isStrict: server is { Development: false, Certificate: not null });
        app.UseMiddleware<ErrorAnswers>(security);
        app.UseMiddleware<RequestGuard>(security);
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
            throw new StartException($"{e.Message.TrimEnd('.')}. Serve with another --http, --https or --bind, or end what has it", e);
        }

        var urls = app.Urls.Select(url => new Uri(url)).ToList();
        return (urls.Single(url => url.Scheme == Uri.UriSchemeHttp), urls.Single(url => url.Scheme == Uri.UriSchemeHttps));
    }

    private static void Configure(KestrelServerOptions kestrel, Foundation foundation, PresentedCertificate certificate)
    {
        var server = foundation.Settings.Server;
        kestrel.AddServerHeader = false;
        RequestLimits.Set(kestrel.Limits, foundation.Settings);
        var connections = new ConnectionLimit(server.ConnectionsPerAddress, server.TrustedProxies, foundation.Metrics.ConnectionRefused);
        kestrel.Listen(server.Bind, server.HttpPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => connections.RunAsync(connection, next));
        });
        kestrel.Listen(server.Bind, server.HttpsPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection => connections.RunAsync(connection, next));
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = RequestLimits.HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(certificate.Options),
            });
        });
    }

    private static void TrustProxies(WebApplication app, ServerOptions server)
    {
        if (server.TrustedProxies.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Through every trusted proxy of a chain, up to the first address that is not one.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in server.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }
}
