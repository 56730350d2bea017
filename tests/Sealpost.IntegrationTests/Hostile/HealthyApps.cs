using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Testing;
using Sealpost.Testing.Journal;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>Well-behaved apps, each with a port of its own, that answer 200 at once; and how long each event took to each of them.</summary>
internal sealed class HealthyApps : IAsyncDisposable
{
    private const int EventBytes = 600;
    private const int Conversations = 20;

    private readonly WebApplication _host;
    private readonly ConcurrentDictionary<long, long> _sent = new();
    private readonly ConcurrentDictionary<(int Port, long Number), TimeSpan> _took = new();
    private int _repeats;

    private HealthyApps(WebApplication host) => _host = host;

    public IReadOnlyList<NewInstall> Installs { get; private set; } = [];

    /// <summary>Events that came a second time.</summary>
    public int Repeats => Volatile.Read(ref _repeats);

    /// <summary>Deliveries of published events that have not come.</summary>
    public int Missing => (_sent.Count * Installs.Count) - _took.Count;

    public static async Task<HealthyApps> StartAsync(int count, Pki pki)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var i = 0; i < count; i++)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(pki.Server()));
            }
        });
        var apps = new HealthyApps(builder.Build());
        apps._host.Run(apps.ReceiveAsync);
        await apps._host.StartAsync();
        var urls = apps._host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        apps.Installs =
        [
            .. urls.Select((url, i) => new NewInstall($"healthy {i}", new Uri(url), EventBody.EventType)
            {
                MaxRetries = i % 2 == 0 ? 1 : null,
                RetentionTime = i % 2 == 0 ? null : TimeSpan.FromHours(1),
            }),
        ];
        return apps;
    }

    /// <summary>Publishes one event for all of them.</summary>
    public async Task PublishAsync(SealpostApi api, long number, CancellationToken cancellation)
    {
        _sent[number] = Stopwatch.GetTimestamp();
        await api.PublishAsync(EventBody.Write(new EventMark($"c-{number % Conversations}", number), EventBytes), cancellation);
    }

    /// <summary>From sending the publish request to the arrival, of the events numbered so, in order of size.</summary>
    public IReadOnlyList<TimeSpan> Took(long first, long end) =>
        [.. _took.Where(t => t.Key.Number >= first && t.Key.Number < end).Select(t => t.Value).Order()];

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var number = EventBody.Read(body.ToArray())!.Value.Number;
        if (!_took.TryAdd((context.Connection.LocalPort, number), Stopwatch.GetElapsedTime(_sent[number])))
        {
            Interlocked.Increment(ref _repeats);
        }
    }
}
