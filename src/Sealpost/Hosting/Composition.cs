using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.Accounts.Audit;
using Sealpost.Accounts.Failures;
using Sealpost.Domains;
using Sealpost.Hosting.Lifetime;
using Sealpost.Hosting.OpenApi;
using Sealpost.Hosting.Web;
using Sealpost.Installs;
using Sealpost.Mtls;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Forward;
using Sealpost.Mtls.Routes;
using Sealpost.Operations;
using Sealpost.Publishing;
using Sealpost.Sending;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.Hosting;

/// <summary>
/// The rooms, built on the <see cref="Foundation"/> and joined in the order of a notification's way. The one place that knows
/// which store, vault and sender the rooms work with.
/// </summary>
internal sealed class Composition : IDisposable
{
    private const string NewsLoop = "news";
    private const string AuditLoop = "audit";

    private readonly Foundation _foundation;
    private readonly ServerTls _tls;
    private readonly EventTypeNumbers _eventTypes;
    private readonly Readiness _readiness;
    private readonly Looking _looking;
    private readonly DomainDirectory _domains;
    private readonly OwnAddresses _ownAddresses = new();
    private readonly OwnProcess _own = new();
    private SqliteNonceStore? _nonces;
    private Vaults? _vaults;
    private Engine? _engine;
    private News? _news;
    private Routing? _routing;
    private AuditUpkeep? _audit;

    public Composition(Foundation foundation, ServerTls tls)
    {
        (_foundation, _tls) = (foundation, tls);
        _eventTypes = new EventTypeNumbers(foundation.Database);
        var store = new StoreProbe(() => SqliteProbe.Write(foundation.Database), foundation.Time, foundation.Loggers.CreateLogger<StoreProbe>());
        _readiness = new Readiness(foundation.Shutdown, foundation.Heartbeats, store, () => _vaults!.Watch.Condition, () => tls.Presented.IsDegraded);
        _looking = new Looking(foundation);
        _domains = new DomainDirectory(foundation.Settings.Domains, () => _own.Authority);
    }

    /// <summary>What the calls ask for.</summary>
    public void Register(IServiceCollection services)
    {
        var (settings, database, time) = (_foundation.Settings, _foundation.Database, _foundation.Time);
        var masterKey = new MasterKeyRotation(_foundation.Directory.MasterKey, new SqliteKeyCheck(database), new SqliteKeyRotation(database).Rotate)
            .Open(_foundation.GivenMasterKey.Present, _foundation.GivenMasterKey.Next);
        _vaults = new Vaults(_foundation, masterKey);
        var login = new LoginOptions { HttpsOnly = !settings.Server.Development, Domains = _domains.Of };
        var stores = new AccountStores(new SqliteAccountStore(database), new SqliteAppKeyStore(database, masterKey), new SqliteAuditStore(database));
        services.AddAccounts(stores, new AdministratorToken(_foundation.AdminToken), login, time, new FailureLimits(time, _foundation.Metrics.TooManyFailures));
        _nonces = new SqliteNonceStore(NonceFile.Open(_foundation.Directory.Nonces, NonceFile.KnownFrom(database, time)));
        services.AddOAuth(_nonces, new OAuthOptions
        {
            PublicUrl = settings.Server.PublicUrl,
            StoreBroken = e => _foundation.Loops.Fail("nonces", e),
        }, time);
        services.AddInstalls(new SqliteInstallStore(database, masterKey, _eventTypes, time), time);
        services.AddMtls(new SqliteCertificateStore(database), new SqliteMappingStore(database), _vaults.Keys, time);
        services.AddForward(
            new ForwardOptions { HttpsOnly = !settings.Server.Development, Sending = settings.Sending, Egress = settings.Egress, Mtls = settings.Mtls },
            _ownAddresses,
            _foundation.Lookup,
            _vaults.Keys,
            time);
    }

    /// <summary>Joins the rooms and maps every path that is served; nothing listens yet, and nothing is sent.</summary>
    public void Join(WebApplication app)
    {
        var services = app.Services;
        _routing = new Routing(
            _foundation,
            _own,
            new OwnGateway(services.GetRequiredService<ChosenForward>(), _foundation.Time),
            services.GetRequiredService<AppKeyDirectory>(),
            services.GetRequiredService<InstallDirectory>());
        _engine = new Engine(
            _foundation,
            _routing,
            _eventTypes,
            services.GetRequiredService<AccountDirectory>(),
            services.GetRequiredService<InstallDirectory>(),
            _looking.Attempts,
            _looking.Live,
            note => _news!.Post(note));
        var installs = services.GetRequiredService<InstallRegistry>();
        var audit = services.GetRequiredService<AuditBook>();
        var ownActs = new OwnActs(audit, services.GetRequiredService<AccountDirectory>());
        _news = new News(
            installs,
            _engine.SubmitAsync,
            _looking.Live,
            ownActs.Told,
            _foundation.Heartbeats.Start(NewsLoop).Beat,
            _foundation.Time,
            _foundation.Loggers.CreateLogger<News>());
        installs.WhenChanged(_routing.Changed);
        installs.WhenChanged(_engine.Watch.Changed);
        installs.WhenChanged(_news.Changed);
        _audit = new AuditUpkeep(audit, _foundation.Settings.Retention.Audit, _foundation.Heartbeats.Start(AuditLoop).Beat, _foundation.Time);
        installs.WhenChanged(ownActs.Changed);
        Map(app, _engine);
        _looking.Start();
        var certificates = services.GetRequiredService<CertificateRegistry>();
        _vaults!.Also(new LeftoverSweep(certificates, _foundation.Time).TurnAsync);
        _vaults.Also(new ExpiryWatch(certificates, _news.PublishAsync, _foundation.Time).TurnAsync);
        _vaults.Also(services.GetRequiredService<TlsContexts>().TurnAsync);
    }

    /// <summary>
    /// The ports are open. The loops start only now: what is overdue may go through MTLS, which this process may be itself. From now on
    /// health may answer ready.
    /// </summary>
    /// <param name="urls">Where the process listens.</param>
    public void Started((Uri Http, Uri Https) urls)
    {
        _own.Listens((_foundation.Settings.Server.PublicUrl ?? urls.Https).Authority, urls.Https, _tls.Presented.Certificate);
        _tls.Start(_own.Presents);
        _ownAddresses.Set([Listening(urls.Http), Listening(urls.Https)], OwnAddresses.OfThisMachine());
        _vaults!.Start();
        _foundation.Loops.Start(NewsLoop, _news!.RunAsync);
        _foundation.Loops.Start(AuditLoop, () => _audit!.RunAsync(_foundation.Shutdown.Stopping));
        _engine!.Start();
        _looking.StartReplays();
        _looking.StartRetention(_engine);
        _routing!.Start(_engine.RoutesChanged);
        _readiness.Started();
    }

    /// <summary>Nothing new is sent; what is in flight finishes, and all outcomes are committed.</summary>
    public async Task StopAsync()
    {
        await (_engine?.StopAsync(Shutdown.Grace) ?? Task.CompletedTask);
        _looking.Attempts.Complete();
        _news?.Complete();
    }

    public void Dispose()
    {
        _engine?.Dispose();
        _routing?.Dispose();
        _vaults?.Dispose();
        _nonces?.Dispose();
        _looking.Dispose();
    }

    private static IPEndPoint Listening(Uri url) => new(IPAddress.Parse(url.DnsSafeHost), url.Port);

    private void Map(WebApplication app, Engine engine)
    {
        app.MapHealth(_readiness);
        app.MapMetrics();
        app.MapStatusPage();
        app.MapApiDocument();
        new DomainEndpoints(_domains).Map(app);
        app.MapAccounts();
        app.MapInstalls();
        app.MapMtls();
        app.MapForward();
        engine.States.Map(app);
        _looking.Map(app, engine);
        new PublishEndpoint(
            app.Services.GetRequiredService<Authenticator>(),
            app.Services.GetRequiredService<AccountRegistry>(),
            new PublishReader(_foundation.Settings.Publish, new BodyBudget(BodyBudget.DefaultBytes)),
            engine.SubmitAsync,
            _foundation.Metrics,
            _foundation.Shutdown.Stopping).Map(app);
    }
}
