using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Sealpost.IntegrationTests.Vault.Server;
using Sealpost.Sending;
using Sealpost.Testing;
using Sealpost.Vault;
using Sealpost.Vault.HashiCorp;

namespace Sealpost.IntegrationTests.Vault;

/// <summary>The suite against the scripted server, and what a real one does not do when asked.</summary>
public sealed class HashiCorpVaultTests : HashiCorpContract
{
    private ScriptedVaultServer Scripted => (ScriptedVaultServer)Server;

    private protected override async Task<IVaultServer?> StartAsync() => await ScriptedVaultServer.StartAsync();

    [Fact]
    public async Task Every_request_proves_that_no_browser_was_tricked_into_it()
    {
        // The server refuses those that do not.
        await Store(Place(), Material);
        Assert.True((await Fetch(Place())).IsFetched);
    }

    [Fact]
    public async Task No_token_stands_in_a_path_and_the_login_carries_none()
    {
        await Store(Place(), Material);
        Assert.Null(Scripted.Seen.First(request => request.Path == "auth/approle/login").Token);
        Assert.All(Scripted.Seen, request => Assert.DoesNotContain("hvs.", request.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_found_done()
    {
        await Session.LeaseAsync(Cancel);
        Scripted.Kv.LosesNextAnswer = true;
        Assert.Equal(VaultVerdict.Done, (await Store(Place(), Material)).Verdict);
        Assert.Equal(2, Scripted.Seen.Count(request => request.Method == "POST" && request.Path.Contains("/data/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_policy_that_permits_nothing_costs_one_login_and_one_more_try()
    {
        Scripted.Forbids = true;
        var answer = await Fetch(Place());

        Assert.Equal(VaultVerdict.Refused, answer.Verdict);
        Assert.Contains("permission denied", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(2, Scripted.Logins);
        Assert.Equal(2, Reads());
    }

    [Fact]
    public async Task However_many_find_the_token_dead_there_is_one_login()
    {
        await Store(Place(), Material);
        Scripted.RevokeAllTokens();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Fetch(Place())));

        Assert.All(answers, answer => Assert.True(answer.IsFetched, answer.Detail));
        Assert.Equal(2, Scripted.Logins);
    }

    [Fact]
    public async Task A_secret_id_for_one_login_is_read_anew_for_the_next()
    {
        Scripted.SecretIdUses = 1;
        await PutSecretIdAsync();
        await Store(Place(), Material);
        Scripted.RevokeAllTokens();
        Assert.Equal(VaultVerdict.Refused, (await Fetch(Place())).Verdict);

        await PutSecretIdAsync();
        Assert.True((await Fetch(Place())).IsFetched);
    }

    [Theory]
    [InlineData(500, """{"errors":["internal error"]}""")]
    [InlineData(502, "<html>")]
    [InlineData(412, """{"errors":["required index state not present"]}""")]
    public async Task What_passes_by_itself_is_tried_again_after_a_second(int status, string body)
    {
        await Store(Place(), Material);
        Scripted.AnswerNext(1, status, body);
        Assert.True((await Fetch(Place())).IsFetched);
        Assert.Equal(2, Reads());
    }

    [Theory]
    [InlineData(412, """{"errors":["missing 'X-Vault-Request' header"]}""", "Refused")]
    [InlineData(429, """{"errors":["rate limit quota exceeded"]}""", "Unavailable")]
    [InlineData(472, "{}", "Unavailable")]
    [InlineData(473, "{}", "Unavailable")]
    [InlineData(501, "{}", "Unavailable")]
    [InlineData(503, """{"errors":["Vault is sealed"]}""", "Unavailable")]
    [InlineData(404, """{"warnings":["Invalid path for a versioned K/V secrets engine"]}""", "Refused")]
    public async Task What_does_not_is_asked_for_once(int status, string body, string verdict)
    {
        await Store(Place(), Material);
        Scripted.AnswerNext(1, status, body);
        Assert.Equal(verdict, (await Fetch(Place())).Verdict.ToString());
        Assert.Equal(1, Reads());
        Assert.True((await Fetch(Place())).IsFetched);
    }

    [Fact]
    public async Task A_rate_limit_with_a_short_wait_is_waited_for()
    {
        await Store(Place(), Material);
        Scripted.AnswerNext(1, 429, retryAfter: "1");
        Assert.True((await Fetch(Place())).IsFetched);
    }

    [Fact]
    public async Task A_sealed_vault_fails_the_probe_and_says_why()
    {
        Scripted.Sealed = true;
        Assert.Contains("sealed", (await ProbeAsync()).Detail, StringComparison.Ordinal);
        Scripted.Sealed = false;
        Scripted.Forbids = true;
        Assert.Equal(VaultVerdict.Refused, (await ProbeAsync()).Verdict);
        Scripted.Forbids = false;
        Assert.Equal(VaultVerdict.Done, (await ProbeAsync()).Verdict);
    }

    [Fact]
    public async Task A_standby_that_points_to_the_active_server_is_followed_once_with_token_and_body()
    {
        await using var standby = await ScriptedVaultServer.StartAsync();
        standby.Script = Redirect(request => new Uri(Server.Address, request.Path.Value + request.QueryString));
        using var transport = Reach(standby.Address);
        var vault = At(transport);

        Assert.Equal(VaultVerdict.Done, (await vault.StoreAsync(Place(), Material, Cancel)).Verdict);
        Assert.True((await Fetch(Place())).IsFetched);

        Scripted.Script = Redirect(request => new Uri(Server.Address, request.Path.Value));
        Assert.Equal(VaultVerdict.Refused, (await vault.FetchAsync(Place(), Cancel)).Verdict);
    }

    [Fact]
    public async Task A_redirect_to_another_scheme_is_not_followed()
    {
        Scripted.Script = Redirect(_ => new Uri("ftp://evil.example/"));
        var answer = await Fetch(Place());
        Assert.Equal(VaultVerdict.Refused, answer.Verdict);
        Assert.Contains("must not go", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_namespace_goes_along_with_login_and_reads()
    {
        Scripted.Namespace = "ns1/ns2";
        Assert.Equal(VaultVerdict.Refused, (await Fetch(Place())).Verdict);

        using var transport = Reach(Server.Address, "ns1/ns2");
        Assert.Equal(VaultVerdict.Absent, (await At(transport).FetchAsync(Place(), Cancel)).Verdict);
        Assert.Equal(2, Scripted.Seen.Count(request => request.Namespace == "ns1/ns2"));
    }

    [Fact]
    public async Task A_server_of_an_own_authority_is_reached_with_its_file_and_not_without()
    {
        using var pki = new Pki();
        await using var server = await ScriptedVaultServer.StartAsync(certificate: pki.Server());
        PutSecretId(await server.SecretIdAsync());

        using var trusting = Reach(server.Address, roots: pki.RootFile);
        Assert.Equal(VaultVerdict.Absent, (await At(trusting).FetchAsync(Place(), Cancel)).Verdict);

        using var other = Reach(server.Address);
        var answer = await At(other).FetchAsync(Place(), Cancel);
        Assert.Equal(VaultVerdict.Unavailable, answer.Verdict);
        Assert.Contains("not trusted", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        await Scripted.DisposeAsync();
        var answer = await Fetch(Place());
        Assert.Equal(VaultVerdict.Unavailable, answer.Verdict);
        Assert.Contains("cannot be reached", answer.Detail, StringComparison.Ordinal);
    }

    private static Func<HttpContext, Task<bool>> Redirect(Func<HttpRequest, Uri> elsewhere) => context =>
    {
        context.Response.StatusCode = 307;
        context.Response.Headers.Location = elsewhere(context.Request).AbsoluteUri;
        return Task.FromResult(true);
    };

    private static VaultTransport Reach(Uri address, string? vaultNamespace = null, string? roots = null) => new(
        OutgoingHandler.ToOwnHop(new SendingOptions(), roots is null ? [] : [roots], "Vault:CaFile", TimeProvider.System), address, vaultNamespace, TimeProvider.System);

    private Task<VaultAnswer> ProbeAsync() => Open(Session).ProbeAsync(Cancel);

    private HashiCorpVault At(VaultTransport transport)
    {
        var session = new VaultSession(new AppRoleLogin(transport, Server.RoleId, SecretIdFile, Time), transport, Time, NullLogger<VaultSession>.Instance);
        return new HashiCorpVault(new VaultCalls(session, transport, Time), transport, Server.Mount);
    }

    private int Reads() => Scripted.Seen.Count(request => request.Method == "GET" && request.Path.Contains("/data/", StringComparison.Ordinal));
}
