using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Deliveries.Erasing;
using Sealpost.Deliveries.History;
using Sealpost.Deliveries.Live;
using Sealpost.Deliveries.Replay;
using Sealpost.Deliveries.Retention;
using Sealpost.Hosting.Lifetime;
using Sealpost.Installs;
using Sealpost.Storage.Sqlite;

namespace Sealpost.Hosting;

/// <summary>What looks at deliveries, joined: the log of attempts with its loop, the live events, and the calls that show them.</summary>
internal sealed class Looking : IDisposable
{
    private const string Loop = "attempts";
    private const string ReplayLoop = "replays";
    private const string RetentionLoopName = "retention";

    private readonly Foundation _foundation;
    private readonly SqliteAttemptStore _store;
    private ReplayRunner? _replays;
    private SqliteRetentionStore? _retention;

    public Looking(Foundation foundation)
    {
        _foundation = foundation;
        DataDirectory.CreateFolder(foundation.Directory.Attempts);
        _store = new SqliteAttemptStore(foundation.Directory.Attempts, foundation.Loggers.CreateLogger<SqliteAttemptStore>());
        Attempts = new AttemptLog(
            _store,
            foundation.Settings.Retention,
            foundation.Metrics,
            foundation.Time,
            foundation.Heartbeats.Start(Loop).Beat,
            foundation.Loggers.CreateLogger<AttemptLog>());
        Live = new LiveEvents(foundation.Time);
    }

    /// <summary>Is told of each attempt.</summary>
    public AttemptLog Attempts { get; }

    /// <inheritdoc cref="Attempts"/>
    public LiveEvents Live { get; }

    /// <summary>Starts the loop of the attempt log; it ends after <see cref="AttemptLog.Complete"/>.</summary>
    public void Start() => _foundation.Loops.Start(Loop, Attempts.RunAsync);

    /// <summary>Goes on with the replays of ranges, once deliveries are accepted.</summary>
    public void StartReplays() => _foundation.Loops.Start(ReplayLoop, () => _replays!.RunAsync(_foundation.Shutdown.Stopping));

    /// <summary>Starts to remove what is old.</summary>
    public void StartRetention(Engine engine)
    {
        _retention = new SqliteRetentionStore(_foundation.Database, engine.Ends);
        var loop = new RetentionLoop(
            _retention,
            _foundation.Settings.Retention,
            _foundation.Metrics,
            _foundation.Time,
            _foundation.Heartbeats.Start(RetentionLoopName).Beat,
            _foundation.Loggers.CreateLogger<RetentionLoop>());
        _foundation.Loops.Start(RetentionLoopName, () => loop.RunAsync(_foundation.Shutdown.Stopping));
    }

    public void Map(IEndpointRouteBuilder routes, Engine engine)
    {
        var services = routes.ServiceProvider;
        var accounts = services.GetRequiredService<AccountDirectory>();
        var installs = services.GetRequiredService<InstallDirectory>();
        var deliveries = new SqliteDeliveryStore(_foundation.Database, engine.ConversationSeed, engine.Ends);
        var history = new AttemptHistory(_store, _foundation.Time);
        new DeliveryEndpoints(deliveries, history, engine.PlaceOf, accounts, installs, _foundation.Time).Map(routes);
        new DropEndpoint(deliveries, engine.Drops.TryDrop, accounts, _foundation.Time).Map(routes);
        var replays = new SqliteReplayStore(_foundation.Database, engine.ConversationSeed);
        _replays = new ReplayRunner(
            replays,
            installs,
            engine.SubmitAsync,
            _foundation.Heartbeats.Start(ReplayLoop).Beat,
            _foundation.Time,
            _foundation.Loggers.CreateLogger<ReplayRunner>());
        new ReplayOneEndpoint(deliveries, accounts, installs, engine.SubmitAsync).Map(routes);
        new ReplayEndpoints(replays, _replays, accounts, installs).Map(routes);
        var erasure = new Erasure(
            deliveries, new SqliteErasureStore(_foundation.Database, engine.Ends), engine.Drops.DropLane, Attempts, _foundation.Time);
        new ConversationEndpoint(erasure, accounts).Map(routes);
        new TestEndpoint(installs, accounts, deliveries, engine.SubmitAsync, _foundation.Time).Map(routes);
        new EventsEndpoint(
            Live, services.GetRequiredService<Authenticator>(), accounts, _foundation.Time, _foundation.Shutdown.Stopping).Map(routes);
    }

    public void Dispose()
    {
        _replays?.Dispose();
        _retention?.Dispose();
        _store.Dispose();
    }
}
