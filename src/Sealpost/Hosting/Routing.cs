using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.Domains;
using Sealpost.Installs;
using Sealpost.Mtls.Routes;
using Sealpost.Sending;
using Sealpost.Storage.Sqlite;

namespace Sealpost.Hosting;

/// <summary>The webhooks service's side of MTLS, joined: the question which endpoints are mapped, and the way to the gateway.</summary>
internal sealed class Routing : IDisposable
{
    private const string Loop = "routes";
    private const string Gateway = "mtlsGateway";

    private readonly Foundation _foundation;
    private readonly HttpMessageInvoker _hop;
    private readonly RouteTable _table;
    private readonly RouteKeeper _keeper;
    private readonly MtlsSender _sender;
    private readonly InstallDirectory _installs;
    private Action<IReadOnlyCollection<AccountId>> _changed = static _ => { };

    /// <param name="foundation">Settings, clock, store.</param>
    /// <param name="own">This process, when it is its own gateway.</param>
    /// <param name="here">Its forward.</param>
    /// <param name="keys">The platform's app key.</param>
    /// <param name="installs">Whose endpoints are asked for.</param>
    /// <exception cref="InvalidDataException">A file of <c>Mtls:GatewayRoots</c> cannot be read.</exception>
    public Routing(Foundation foundation, OwnProcess own, OwnGateway here, AppKeyDirectory keys, InstallDirectory installs)
    {
        var (settings, time) = (foundation.Settings, foundation.Time);
        (_foundation, _installs) = (foundation, installs);
        _hop = new HttpMessageInvoker(OutgoingHandler.ToOwnHop(settings.Sending, settings.Mtls.GatewayRoots, "Mtls:GatewayRoots", time, own));
        var domains = new DomainClient(_hop, () => settings.Domains.Url ?? new Uri("https://" + own.Authority), Gateway);
        var signer = new SignedHop(keys, time);
        _sender = new MtlsSender(own, here, _hop, domains, signer, settings.Sending, time);
        var store = new SqliteRouteStore(foundation.Database);
        _table = new RouteTable(store.Load(), account => _keeper!.Want(account));
        _keeper = new RouteKeeper(
            new MappingQuestions(_hop, domains, signer, settings.Sending.ConnectTimeout + settings.Sending.ResponseTimeout, time),
            _table,
            store,
            () => installs.All()
                .SelectMany(install => install.Manifest.Webhooks.Values, (install, webhook) => (install.Account, webhook.Endpoint.OriginalString))
                .ToLookup(known => known.Account, known => known.OriginalString),
            accounts => _changed(accounts),
            settings.Mtls.MappingInterval,
            foundation.Heartbeats.Start(Loop).Beat,
            time,
            foundation.Loggers.CreateLogger<RouteKeeper>());
    }

    /// <summary>How endpoints are reached now.</summary>
    public FindRoute Find => _table.Find;

    /// <summary>Makes an attempt through MTLS.</summary>
    public ValueTask<Outcome> SendAsync(Attempt attempt, CancellationToken stop) => _sender.SendAsync(attempt, stop);

    /// <summary>An install was changed: its new endpoints are asked for at once, before the first delivery wants them.</summary>
    public void Changed(Install? before, Install after)
    {
        var others = _installs.All(after.Account).Where(install => install.Number != after.Number);
        var known = Endpoints(others.Append(before).OfType<Install>()).ToHashSet();
        foreach (var endpoint in Endpoints(after.Deleted ? [] : [after]).Where(endpoint => !known.Contains(endpoint)))
        {
            _table.Renew(after.Account, new Uri(endpoint));
        }
    }

    /// <summary>Begins to ask; the ports are open, so that this process can answer itself.</summary>
    /// <param name="changed">Told when routes of these accounts have changed.</param>
    public void Start(Action<IReadOnlyCollection<AccountId>> changed)
    {
        _changed = changed;
        _foundation.Loops.Start(Loop, () => _keeper.RunAsync(_foundation.Shutdown.Stopping));
    }

    public void Dispose() => _hop.Dispose();

    private static IEnumerable<string> Endpoints(IEnumerable<Install> installs) =>
        installs.SelectMany(install => install.Manifest.Webhooks.Values).Select(webhook => webhook.Endpoint.OriginalString);
}
