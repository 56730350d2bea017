using Microsoft.Extensions.Logging.Abstractions;
using Sealpost.IntegrationTests.Support;
using Sealpost.IntegrationTests.Vault.Server;
using Sealpost.Sending;
using Sealpost.Vault;
using Sealpost.Vault.HashiCorp;

namespace Sealpost.IntegrationTests.Vault;

/// <summary>What holds with a HashiCorp Vault or OpenBao, whether scripted or real.</summary>
public abstract class HashiCorpContract : VaultContract, IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private IVaultServer? _server;
    private VaultTransport? _transport;
    private HashiCorpVault? _vault;

    private protected IVaultServer Server => _server!;

    private protected VaultTransport Transport => _transport!;

    private protected VaultSession Session { get; private set; } = null!;

    private protected string SecretIdFile => _folder.File("secret-id");

    private protected override IVault Vault => _vault!;

    private protected virtual TimeProvider Time => TimeProvider.System;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        if (_server is null)
        {
            return;
        }

        await PutSecretIdAsync();
        _transport = new VaultTransport(OutgoingHandler.ToOwnHop(new SendingOptions(), [], "Vault:CaFile", TimeProvider.System), Server.Address, null, Time);
        Session = new VaultSession(new AppRoleLogin(Transport, Server.RoleId, SecretIdFile, Time), Transport, Time, NullLogger<VaultSession>.Instance);
        _vault = Open(Session);
    }

    [Fact]
    public async Task What_somebody_deletes_in_the_vault_can_be_undeleted_and_is_told_so()
    {
        await Store(Place(), Material);
        await Server.OperateAsync(HttpMethod.Delete, DataPath());
        Assert.Equal(VaultVerdict.Deleted, (await Fetch(Place())).Verdict);
        Assert.Equal(VaultVerdict.Conflict, (await Store(Place(), Other)).Verdict);
    }

    [Fact]
    public async Task What_somebody_destroys_in_the_vault_is_told_so()
    {
        await Store(Place(), Material);
        await Server.OperateAsync(HttpMethod.Post, DataPath("destroy"), """{"versions":[1]}""");
        Assert.Equal(VaultVerdict.Destroyed, (await Fetch(Place())).Verdict);
    }

    [Fact]
    public async Task What_somebody_else_wrote_there_is_damaged()
    {
        await Server.OperateAsync(HttpMethod.Post, DataPath(), """{"options":{"cas":0},"data":{"certificate":"none"}}""");
        Assert.Equal(VaultVerdict.Damaged, (await Fetch(Place())).Verdict);
    }

    [Fact]
    public async Task A_revoked_token_is_replaced_once_and_the_request_goes_through()
    {
        var lease = (await Session.LeaseAsync(Cancel)).Lease!;
        await Transport.SendAsync(new VaultCall(HttpMethod.Post, "auth/token/revoke-self", "{}"u8.ToArray()), lease.Token, Cancel);

        Assert.Equal(VaultVerdict.Done, (await Store(Place(), Material)).Verdict);
        Assert.NotEqual(lease.Token, (await Session.LeaseAsync(Cancel)).Lease!.Token);
    }

    [Fact]
    public async Task A_login_says_how_long_its_token_is_good_for()
    {
        var lease = (await Session.LeaseAsync(Cancel)).Lease!;
        Assert.Equal((TimeSpan.FromMinutes(10), true), (lease.Duration, lease.Renewable));
    }

    [Fact]
    public async Task A_wrong_secret_id_is_refused_with_the_settings_to_look_at()
    {
        PutSecretId("00000000-0000-0000-0000-000000000000");
        var answer = await Fetch(Place());
        Assert.Equal(VaultVerdict.Refused, answer.Verdict);
        Assert.Contains("Vault:RoleId and Vault:SecretIdFile", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_from_a_file_does_as_well()
    {
        PutSecretId((await Session.LeaseAsync(Cancel)).Lease!.Token.Reveal());
        var session = new VaultSession(new TokenFileLogin(Transport, SecretIdFile, Time), Transport, Time, NullLogger<VaultSession>.Instance);

        Assert.Equal(VaultVerdict.Done, (await Open(session).StoreAsync(Place(), Material, Cancel)).Verdict);
        Assert.InRange((await session.LeaseAsync(Cancel)).Lease!.Duration, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_mount_that_is_not_there_is_named()
    {
        var answer = await new HashiCorpVault(new VaultCalls(Session, Transport, Time), Transport, "auth").FetchAsync(Place(), Cancel);
        Assert.Equal(VaultVerdict.Refused, answer.Verdict);
    }

    [Fact]
    public async Task A_server_that_is_well_passes_the_probe() => Assert.Equal(VaultVerdict.Done, (await _vault!.ProbeAsync(Cancel)).Verdict);

    public async ValueTask DisposeAsync()
    {
        _transport?.Dispose();
        await (_server?.DisposeAsync() ?? default);
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The server; null: there is none, and the tests are skipped.</summary>
    private protected abstract Task<IVaultServer?> StartAsync();

    private protected HashiCorpVault Open(VaultSession session) => new(new VaultCalls(session, Transport, Time), Transport, Server.Mount);

    private protected string DataPath(string kind = "data") => $"{Server.Mount}/{kind}/sealpost/{Place().Path}";

    private protected async Task PutSecretIdAsync() => PutSecretId(await Server.SecretIdAsync());

    private protected void PutSecretId(string text)
    {
        File.Delete(SecretIdFile);
        PrivateFile.Create(SecretIdFile, new Secret(text));
    }
}
