using Microsoft.Extensions.Logging;
using Sealpost.Hosting.Settings;
using Sealpost.Sending;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;
using Sealpost.Vault.HashiCorp;

namespace Sealpost.Hosting;

/// <summary>The vault that the settings choose, with its cache, its watch and its loop.</summary>
internal sealed class Vaults : IDisposable
{
    private const string Loop = "vault";

    private readonly Foundation _foundation;
    private readonly List<Func<CancellationToken, Task>> _turns = [];
    private VaultTransport? _transport;

    /// <exception cref="InvalidDataException"><c>Vault:CaFile</c> cannot be read.</exception>
    public Vaults(Foundation foundation, MasterKey master)
    {
        _foundation = foundation;
        var (settings, time) = (foundation.Settings, foundation.Time);
        Watch = new VaultWatch(settings.Mtls.VaultMaxStale, time, foundation.Loggers.CreateLogger<VaultWatch>());
        IVault vault = settings.Vault.Provider switch
        {
            VaultProvider.Local => new LocalVault(new SqliteEnvelopeStore(foundation.Database), master),
            VaultProvider.HashiCorp => OpenHashiCorp(settings),
        };
        Keys = new CachedVault(vault, new StaleRules(settings.Mtls.VaultMaxStale), Watch, time);
        _turns.Add(Keys.ConfirmAsync);
    }

    /// <summary>The door to the key material.</summary>
    public CachedVault Keys { get; }

    /// <summary>How the vault is, for readiness.</summary>
    public VaultWatch Watch { get; }

    /// <summary>Something else to be done every second or so, beside the vault's own chores; before <see cref="Start"/>.</summary>
    public void Also(Func<CancellationToken, Task> turn) => _turns.Add(turn);

    /// <summary>Starts the loop; it ends when the process stops.</summary>
    public void Start()
    {
        var upkeep = new VaultUpkeep(_foundation.Heartbeats.Start(Loop).Beat, _foundation.Time, _turns);
        _foundation.Loops.Start(Loop, () => upkeep.RunAsync(_foundation.Shutdown.Stopping));
    }

    public void Dispose() => _transport?.Dispose();

    private HashiCorpVault OpenHashiCorp(SealpostSettings settings)
    {
        var (options, time) = (settings.Vault, _foundation.Time);
        var handler = OutgoingHandler.ToOwnHop(settings.Sending, options.CaFile is { } file ? [file] : [], "Vault:CaFile", time);
        var transport = new VaultTransport(handler, options.Address!, options.Namespace, time);
        _transport = transport;
        IVaultLogin login = options.TokenFile is { } tokenFile
            ? new TokenFileLogin(transport, tokenFile, time)
            : new AppRoleLogin(transport, options.RoleId!, options.SecretIdFile!, time);
        var session = new VaultSession(login, transport, time, _foundation.Loggers.CreateLogger<VaultSession>());
        var vault = new HashiCorpVault(new VaultCalls(session, transport, time), transport, options.Mount ?? VaultOptions.DefaultMount);
        _turns.Add(session.TurnAsync);
        _turns.Add(new HealthProbe(vault.ProbeAsync, Watch, time).TurnAsync);
        return vault;
    }
}
