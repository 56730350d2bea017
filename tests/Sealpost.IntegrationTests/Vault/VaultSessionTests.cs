using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.IntegrationTests.Support;
using Sealpost.IntegrationTests.Vault.Server;
using Sealpost.Sending;
using Sealpost.Vault;
using Sealpost.Vault.HashiCorp;

namespace Sealpost.IntegrationTests.Vault;

/// <summary>A token's life, on a clock of the test's own.</summary>
public sealed class VaultSessionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly DataFolder _folder = new();
    private ScriptedVaultServer _server = null!;
    private VaultTransport _transport = null!;
    private VaultSession _session = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedVaultServer.StartAsync(_time);
        _transport = new VaultTransport(OutgoingHandler.ToOwnHop(new SendingOptions(), [], "Vault:CaFile", TimeProvider.System), _server.Address, null, _time);
        PutFile(await _server.SecretIdAsync());
        _session = new VaultSession(new AppRoleLogin(_transport, _server.RoleId, _folder.File("secret"), _time), _transport, _time, NullLogger<VaultSession>.Instance);
    }

    [Fact]
    public async Task The_first_turn_logs_in_before_anybody_needs_a_token()
    {
        await _session.TurnAsync(Cancel);
        await _session.LeaseAsync(Cancel);
        Assert.Equal(1, _server.Logins);
    }

    [Fact]
    public async Task A_token_is_renewed_at_two_thirds_of_its_time_and_not_before()
    {
        await _session.TurnAsync(Cancel);
        await AfterAsync(TimeSpan.FromSeconds(399));
        Assert.Equal(0, _server.Renewals);

        await AfterAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), (_server.Logins, _server.Renewals));

        await AfterAsync(TimeSpan.FromSeconds(399));
        Assert.Equal(1, _server.Renewals);
        await AfterAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 2), (_server.Logins, _server.Renewals));
    }

    [Fact]
    public async Task A_renewal_that_gives_little_is_the_last_and_a_login_follows()
    {
        await _session.TurnAsync(Cancel);
        _server.RenewedTtl = TimeSpan.FromMinutes(1);
        await AfterAsync(TimeSpan.FromSeconds(400));
        Assert.Equal((2, 1), (_server.Logins, _server.Renewals));
        Assert.Equal(TimeSpan.FromMinutes(10), (await _session.LeaseAsync(Cancel)).Lease!.Duration);
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_is_replaced_in_time()
    {
        _server.Renewable = false;
        await _session.TurnAsync(Cancel);
        await AfterAsync(TimeSpan.FromSeconds(400));
        Assert.Equal((2, 0), (_server.Logins, _server.Renewals));
    }

    [Fact]
    public async Task A_renewal_that_is_refused_leads_to_a_login_at_once()
    {
        await _session.TurnAsync(Cancel);
        _server.RevokeAllTokens();
        await AfterAsync(TimeSpan.FromSeconds(400));
        Assert.Equal((2, 1), (_server.Logins, _server.Renewals));
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_and_an_ended_token_is_not_used_any_more()
    {
        await _session.TurnAsync(Cancel);
        var first = (await _session.LeaseAsync(Cancel)).Lease!;
        _server.Sealed = true;
        await AfterAsync(TimeSpan.FromSeconds(400));
        await AfterAsync(TimeSpan.FromSeconds(1));
        await AfterAsync(TimeSpan.FromSeconds(2));
        Assert.InRange(_server.Renewals, 2, 3);
        Assert.Equal(first, (await _session.LeaseAsync(Cancel)).Lease);

        _time.Advance(TimeSpan.FromSeconds(200));
        Assert.Equal(VaultVerdict.Unavailable, (await _session.LeaseAsync(Cancel)).Failure?.Verdict);

        _server.Sealed = false;
        Assert.NotEqual(first.Token, (await _session.LeaseAsync(Cancel)).Lease!.Token);
    }

    [Fact]
    public async Task Logins_that_fail_come_slower_and_slower()
    {
        _server.Sealed = true;
        var before = 0;
        var turns = new List<int>();
        for (var second = 0; second < 120; second++)
        {
            await AfterAsync(TimeSpan.FromSeconds(1));
            if (_server.Logins > before)
            {
                turns.Add(second);
                before = _server.Logins;
            }
        }

        Assert.InRange(turns.Count, 6, 10);
        Assert.True(turns[^1] - turns[^2] >= 20);
    }

    [Fact]
    public async Task A_token_without_an_end_is_left_alone()
    {
        _server.TokenTtl = TimeSpan.Zero;
        await _session.TurnAsync(Cancel);
        await AfterAsync(TimeSpan.FromDays(365));
        Assert.Equal((1, 0), (_server.Logins, _server.Renewals));
    }

    [Fact]
    public async Task A_token_file_that_an_agent_replaced_is_read_again_after_a_403()
    {
        PutFile(_server.GiveToken());
        var session = new VaultSession(new TokenFileLogin(_transport, _folder.File("secret"), _time), _transport, _time, NullLogger<VaultSession>.Instance);
        var calls = new VaultCalls(session, _transport, _time);
        var read = new VaultCall(HttpMethod.Get, "secret/data/sealpost/x");
        Assert.Equal(404, (await calls.SendAsync(read, Cancel)).Reply.Status);

        _server.RevokeAllTokens();
        Assert.Equal(403, (await calls.SendAsync(read, Cancel)).Reply.Status);
        PutFile(_server.GiveToken());
        Assert.Equal(404, (await calls.SendAsync(read, Cancel)).Reply.Status);
    }

    [Fact]
    public async Task A_secret_that_others_may_read_is_not_used()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.File("secret"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("chmod 600", (await _session.LeaseAsync(Cancel)).Failure!.Detail, StringComparison.Ordinal);
            Assert.Equal(0, _server.Logins);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        await _session.TurnAsync(Cancel);
    }

    private void PutFile(string text)
    {
        File.Delete(_folder.File("secret"));
        PrivateFile.Create(_folder.File("secret"), new Secret(text));
    }
}
