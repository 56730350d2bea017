using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sealpost.Cli.Receiving;

/// <summary>A webhook receiver on this machine's loopback: HTTPS with its own CA; every POST goes to a handler that says the status.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Listens on <paramref name="port"/> (0 takes a free one). <paramref name="handle"/> gives the status to answer
    /// to a notification, and is called for several at once. With <paramref name="clients"/>, nobody else gets in.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<Receiver> StartAsync(
        int port,
        ReceiverAuthority authority,
        Func<ReceivedNotification, CancellationToken, Task<int>> handle,
        TimeProvider clock,
        ClientTrust? clients = null)
    {
        var certificate = authority.ServerCertificate();
        // Empty: the receiver is no host of a user's settings, it must not read an appsettings.json beside it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                if (clients is not null)
                {
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (certificate, chain, _) => clients.Accepts(certificate, chain);
                }
            }));
        });

        var app = builder.Build();
        app.Run(context => AnswerAsync(context, handle, clock));
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new Receiver(app, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context, Func<ReceivedNotification, CancellationToken, Task<int>> handle, TimeProvider clock)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var notification = await ReceivedNotification.ReadAsync(context.Request, clock);
        context.Response.StatusCode = await handle(notification, context.RequestAborted);
    }
}
