using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Hosting.Certificates;
using Sealpost.Hosting.Lifetime;
using Sealpost.Hosting.Settings;
using Sealpost.Hosting.Web;
using Sealpost.Sending;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;
using Sealpost.Telemetry;
using Sealpost.Vault;

namespace Sealpost.Hosting;

/// <summary>
/// The service in one process, from its flags to its exit code. A start is: (1) settings, (2) log, (3) data directory and its
/// lock, (4) database, (5) administrator's token, (6) certificates, (7) the rooms, (8) the ports, (9) <c>DIR/url</c>.
/// </summary>
public sealed class SealpostHost : IAsyncDisposable
{
    private const string DefaultData = "data";

    // For connections that only idle once everything else has ended.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly Foundation _foundation;
    private readonly Composition _rooms;
    private readonly WebApplication _app;
    private readonly Teardown _teardown;

    private SealpostHost(Foundation foundation, Composition rooms, WebApplication app, Teardown teardown, (Uri Http, Uri Https) urls)
    {
        _foundation = foundation;
        _rooms = rooms;
        _app = app;
        _teardown = teardown;
        (HttpUrl, HttpsUrl) = urls;
    }

    /// <summary>Where it listens for HTTP, with the real port.</summary>
    internal Uri HttpUrl { get; }

    /// <summary>Where it listens for HTTPS, with the real port.</summary>
    internal Uri HttpsUrl { get; }

    /// <summary>Every path that is served.</summary>
    internal IReadOnlyList<Endpoint> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>
    /// Serves until SIGTERM, SIGINT or <paramref name="stop"/>. 0: stopped as asked. 1: it could not start, which one line on
    /// standard error explains, or it broke, which the log does.
    /// </summary>
    public static async Task<int> RunAsync(ServeFlags flags, CancellationToken stop)
    {
        using var signals = new StopSignals(stop);
        try
        {
            await using var host = await StartAsync(flags, ProcessEnvironment.Variables(), Console.Out, TimeProvider.System);
            return await host.RunUntilAsync(signals.Token);
        }
        catch (Exception e) when (e is StartException or StoreException or VaultException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"sealpost: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    /// <summary>Everything up to the open ports; says on <paramref name="output"/> where they are.</summary>
    /// <exception cref="StartException">A setting, the data directory, a certificate or a port stands in the way.</exception>
    /// <exception cref="StoreException">The database cannot be opened.</exception>
    /// <exception cref="VaultException">A key or token cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file of trusted roots cannot be read.</exception>
    internal static async Task<SealpostHost> StartAsync(
        ServeFlags flags, IReadOnlyDictionary<string, string> environment, TextWriter output, TimeProvider time, HostLookup? lookup = null)
    {
        var teardown = new Teardown();
        try
        {
            var data = flags.Data ?? DefaultData;
            var foundation = Lay(data, ReadSettings(data, environment, flags), environment, time, lookup ?? new SystemHostLookup().FindAsync, teardown);
            var certificates = new DevelopmentCertificates(foundation.Directory.Tls, time);
            var tls = new ServerTls(foundation, certificates);
            var rooms = teardown.Own(new Composition(foundation, tls));
            var app = teardown.Own(WebServer.Build(foundation, tls.Presented, environment, rooms.Register));
            rooms.Join(app);
            var urls = await WebServer.Start(app);
            rooms.Started(urls);
            await PublishUrl(foundation.Directory.Url, urls.Http);
            Greeting.Write(output, foundation, urls, certificates);
            return new SealpostHost(foundation, rooms, app, teardown, urls);
        }
        catch
        {
            teardown.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Serves until <paramref name="stop"/>, then ends in order: (1) publishing is answered 503 and no attempt starts,
    /// (2) the loops finish what is in flight within <see cref="Shutdown.Grace"/>, (3) the ports close. Gives the exit code.
    /// </summary>
    internal async Task<int> RunUntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        var failed = _foundation.Loops.Failed == await Task.WhenAny(stopped.Task, _foundation.Loops.Failed);

        var shutdown = _foundation.Shutdown;
        shutdown.Begin();
        if (!failed)
        {
            await _rooms.StopAsync();
            await _foundation.Loops.Drained(shutdown.GivingUp);
        }

        File.Delete(_foundation.Directory.Url);
        using var closing = new CancellationTokenSource(CloseTimeout, _foundation.Time);
        await _app.StopAsync(closing.Token);
        return failed ? 1 : 0;
    }

    public ValueTask DisposeAsync()
    {
        _teardown.Dispose();
        return ValueTask.CompletedTask;
    }

    // Whoever waits for the file finds it whole.
    private static async Task PublishUrl(string path, Uri http)
    {
        var draft = path + ".new";
        await File.WriteAllTextAsync(draft, $"{http.GetLeftPart(UriPartial.Authority)}\n");
        File.Move(draft, path, overwrite: true);
    }

    private static SealpostSettings ReadSettings(string data, IReadOnlyDictionary<string, string> environment, ServeFlags flags)
    {
        var path = Path.Combine(data, SettingsFile.Name);
        try
        {
            var json = File.Exists(path) ? File.ReadAllText(path) : null;
            return SettingsReader.TryRead(json, environment, flags, out var settings, out var error) ? settings : throw new StartException(error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path}: {e.Message}", e);
        }
    }

    private static Foundation Lay(
        string data, SealpostSettings settings, IReadOnlyDictionary<string, string> environment, TimeProvider time, HostLookup lookup, Teardown teardown)
    {
        var loggers = teardown.Own(Logging.Start(settings.Server.Development)).GetRequiredService<ILoggerFactory>();
        var directory = teardown.Own(DataDirectory.Open(data));
        return new Foundation
        {
            Settings = settings,
            Time = time,
            Lookup = lookup,
            Loggers = loggers,
            Directory = directory,
            Database = teardown.Own(SqliteDatabase.Open(directory.Database)),
            AdminToken = AdminToken.Take(directory.AdminToken, environment.GetValueOrDefault(SettingsReader.AdminTokenVariable)),
            TokenIsGiven = environment.ContainsKey(SettingsReader.AdminTokenVariable),
            GivenMasterKey = (SecretIn(environment, SettingsReader.MasterKeyVariable), SecretIn(environment, SettingsReader.NextMasterKeyVariable)),
            Shutdown = teardown.Own(new Shutdown(time)),
            Loops = new BackgroundLoops(loggers.CreateLogger<BackgroundLoops>()),
            Heartbeats = new Heartbeats(time),
            Metrics = teardown.Own(new SealpostMetrics()),
        };
    }

    private static Secret? SecretIn(IReadOnlyDictionary<string, string> environment, string variable) =>
        environment.GetValueOrDefault(variable) is { } text ? new Secret(text) : null;
}
