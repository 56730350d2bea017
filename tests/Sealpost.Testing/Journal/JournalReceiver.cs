using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sealpost.Testing.Journal;

/// <summary>An HTTPS endpoint that journals every attempt before it answers it. It outlives the service that is killed.</summary>
public sealed class JournalReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ReceiverJournal _journal;
    private readonly IReadOnlyDictionary<string, SignatureCheck> _installs;
    private readonly Func<int> _status;

    private JournalReceiver(
        WebApplication app, ReceiverJournal journal, IReadOnlyDictionary<string, SignatureCheck> installs, Func<int> status)
    {
        _app = app;
        _journal = journal;
        _installs = installs;
        _status = status;
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new(
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/events");

    /// <param name="certificate">Its certificate; stays the caller's.</param>
    /// <param name="journal">Where attempts are written.</param>
    /// <param name="secrets">The client secret of each install, by client id.</param>
    /// <param name="status">Chooses each answer's status; called from many threads at once.</param>
    public static async Task<JournalReceiver> StartAsync(
        ReceiverCertificate certificate,
        ReceiverJournal journal,
        IReadOnlyDictionary<string, string> secrets,
        Func<int> status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate.Server);
        }));
        var app = builder.Build();
        var checks = secrets.ToDictionary(s => s.Key, s => new SignatureCheck(s.Value), StringComparer.Ordinal);
        var receiver = new JournalReceiver(app, journal, checks, status);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var body = await ReadAsync(context.Request);
        var headers = context.Request.Headers;
        var install = headers["x-liveperson-client-id"].ToString();
        var attempt = new ReceivedAttempt
        {
            At = _journal.Clock.Now,
            Install = install,
            DeliveryId = headers["x-sealpost-delivery-id"].ToString(),
            Attempt = int.TryParse(headers["x-sealpost-attempt"], out var number) ? number : 0,
            Sequence = long.TryParse(headers["x-sealpost-sequence"], out var sequence) ? sequence : 0,
            Mark = EventBody.Read(body),
            Digest = EventBody.Digest(body),
            SignatureValid = _installs.TryGetValue(install, out var check) && check.Accepts(headers["x-liveperson-signature"], body),
            Status = _status(),
        };
        _journal.Add(attempt);
        context.Response.StatusCode = attempt.Status;
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
