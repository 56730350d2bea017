using Microsoft.Extensions.Logging.Abstractions;
using Sealpost.Accounts;
using Sealpost.Deliveries.Live;
using Sealpost.Health;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mailrooms;
using Sealpost.Operations;
using Sealpost.Outboxes;

namespace Sealpost.IntegrationTests.Operations;

/// <summary>What the rule for slow apps found waits in a queue, and meanwhile an operator may act.</summary>
public sealed class NewsTests : IAsyncLifetime
{
    private static readonly AccountId Acme = AccountId.Parse("acme");

    private AdminHost _host = null!;
    private LiveEvents _live = null!;
    private string _clientId = "";

    public async ValueTask InitializeAsync()
    {
        _host = await AdminHost.Start();
        _live = new LiveEvents(_host.Time);
        _clientId = (await _host.Call("POST", "/api/account/acme/configuration/app-install/installations", body: """{"client_name":"app"}""")).Text("client_id");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
    }

    private Install Now => _host.Get<InstallDirectory>().Find(Acme, Guid.Parse(_clientId))!;

    [Fact]
    public async Task A_slow_app_is_disabled()
    {
        await TellAsync(Slow(Now));
        Assert.Equal((false, DisabledReasons.SlowEndpoint), (Now.Enabled, Now.DisabledReason));
    }

    [Fact]
    public async Task An_app_that_was_enabled_again_meanwhile_is_not_disabled_for_what_was_before()
    {
        var verdict = Slow(Now);
        await ActAsync("/disable");
        await ActAsync("/enable");
        await TellAsync(verdict);
        Assert.True(Now.Enabled);
    }

    [Fact]
    public async Task Of_two_endpoints_found_slow_at_once_the_second_does_not_undo_the_operators_enabling()
    {
        var found = Now;
        await TellAsync(Slow(found));
        await ActAsync("/enable");
        await TellAsync(Slow(found));
        Assert.True(Now.Enabled);
    }

    private static SlowNote Slow(Install install) =>
        new(install, install.IssuedAt, "https://slow.example/", install.IssuedAt, SlowVerdict.Disable);

    private async Task ActAsync(string action) =>
        Assert.Equal(200, (await _host.Call("POST", $"/api/account/acme/configuration/app-install/installations/{_clientId}{action}")).Status);

    private async Task TellAsync(SlowNote note)
    {
        var news = new News(
            _host.Get<InstallRegistry>(),
            _ => Task.FromException<SubmissionResult>(new InvalidOperationException("nothing is published here")),
            _live,
            static _ => { },
            static () => { },
            _host.Time,
            NullLogger<News>.Instance);
        news.Post(note);
        news.Complete();
        await news.RunAsync();
    }
}
