using System.Collections.Concurrent;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Installs;

public sealed class InstallActionsTests : IAsyncLifetime
{
    private const string Path = "/api/account/acme/configuration/app-install/installations";
    private const string Manifest = """{"client_name":"app","capabilities":{"webhooks":{"x":{"endpoint":"https://example.com/x"}}}}""";
    private static readonly AccountId Acme = AccountId.Parse("acme");

    private AdminHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AdminHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_install_is_disabled_and_enabled_whoever_sets_the_flag()
    {
        var made = await Create(Manifest);
        var off = await Act(made, "disable");
        Assert.Equal((200, "application/json", "2", false), (off.Status, off.ContentType, off.Revision, off.Json.GetProperty("enabled").GetBoolean()));
        Assert.Equal("2", (await Act(made, "disable")).Revision);
        Assert.Equal(DisabledReasons.Operator, Known(made).DisabledReason);

        var on = await Put(made, "2", Manifest.Replace("""{"client_name""", """{"enabled":true,"client_name""", StringComparison.Ordinal));
        Assert.True(on.Json.GetProperty("enabled").GetBoolean());
        Assert.Null(Known(made).DisabledReason);

        var offAgain = await Put(made, "3", Manifest.Replace("""{"client_name""", """{"enabled":false,"client_name""", StringComparison.Ordinal));
        Assert.False(offAgain.Json.GetProperty("enabled").GetBoolean());
        Assert.Equal(DisabledReasons.Manifest, Known(made).DisabledReason);
        Assert.True((await Act(made, "enable")).Json.GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task A_rotation_shows_the_new_secret_and_lets_the_old_one_sign_until_the_overlap_ends()
    {
        var made = await Create(Manifest);
        var rotated = await Act(made, "rotate-secret", """{"overlap":60}""");
        Assert.Equal((200, "2"), (rotated.Status, rotated.Revision));
        Assert.NotEqual(made.Text("client_secret"), rotated.Text("client_secret"));
        var secrets = Known(made).Secrets;
        Assert.Equal(made.Text("client_secret"), secrets.SigningAt(_host.Time.GetUtcNow().AddSeconds(59)).Reveal());
        Assert.Equal(rotated.Text("client_secret"), secrets.SigningAt(_host.Time.GetUtcNow().AddSeconds(60)).Reveal());
    }

    [Fact]
    public async Task A_rotation_without_a_body_signs_with_the_new_secret_at_once()
    {
        var made = await Create(Manifest);
        var rotated = await Act(made, "rotate-secret");
        Assert.Equal(rotated.Text("client_secret"), Known(made).Secrets.SigningAt(_host.Time.GetUtcNow()).Reveal());
    }

    [Theory]
    [InlineData("""{"overlap":-1}""", "overlap_invalid")]
    [InlineData("""{"overlap":604801}""", "overlap_invalid")]
    [InlineData("""{"overlap":"60"}""", "json_invalid")]
    [InlineData("""{"overlap":1.5}""", "json_invalid")]
    [InlineData("""{"overlaps":1}""", "json_invalid")]
    [InlineData("null", "json_invalid")]
    public async Task A_wrong_overlap_is_a_400(string body, string code)
    {
        var made = await Create(Manifest);
        var answer = await Act(made, "rotate-secret", body);
        Assert.Equal((400, code, "1"), (answer.Status, answer.Code, answer.Revision));
        Assert.Equal(made.Text("client_secret"), Known(made).Secrets.Current.Reveal());
    }

    [Fact]
    public async Task An_app_that_moves_here_keeps_its_identity()
    {
        var imported = await Create("""{"client_name":"app","client_id":"6F9619FF-8B86-D011-B42D-00C04FC964FF","client_secret":"kept ü"}""");
        Assert.Equal(201, imported.Status);
        Assert.Equal("6f9619ff-8b86-d011-b42d-00c04fc964ff", imported.Text("client_id"));
        Assert.Equal("kept ü", imported.Text("client_secret"));

        var again = await _host.Call("POST", Path.Replace("acme", "other", StringComparison.Ordinal), body: """{"client_name":"app","client_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}""");
        Assert.Equal((409, "client_id_taken"), (again.Status, again.Code));
    }

    [Theory]
    [InlineData("""{"client_name":"app","client_id":"my-app"}""", "client_id")]
    [InlineData("""{"client_name":"app","client_secret":""}""", "client_secret")]
    public async Task A_wrong_identity_is_a_400(string manifest, string member)
    {
        var answer = await Create(manifest);
        Assert.Equal((400, "manifest_invalid"), (answer.Status, answer.Code));
        Assert.Equal(member, answer.Json.GetProperty("errors")[0].GetProperty("member").GetString());
    }

    [Fact]
    public async Task Nobody_but_the_administrator_brings_an_identity()
    {
        var manage = await _host.Token("acme", "manage");
        var made = await _host.Call("POST", Path, manage, """{"client_name":"app","client_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","client_secret":"mine"}""");
        Assert.Equal(201, made.Status);
        Assert.NotEqual("6f9619ff-8b86-d011-b42d-00c04fc964ff", made.Text("client_id"));
        Assert.NotEqual("mine", made.Text("client_secret"));
    }

    [Fact]
    public async Task Changes_are_told_after_their_commit_in_their_order()
    {
        var told = new ConcurrentQueue<(long? Before, long After, bool Deleted)>();
        _host.Get<InstallRegistry>().WhenChanged((before, after) =>
        {
            Assert.Equal(after.Deleted ? null : after, _host.Get<InstallDirectory>().Find(Acme, after.ClientId));
            told.Enqueue((before?.Revision, after.Revision, after.Deleted));
        });
        var made = await Create(Manifest);
        await Act(made, "disable");
        await Act(made, "disable");
        await Put(made, "1", Manifest);
        await Put(made, "2", Manifest);
        await _host.Call("DELETE", $"{Path}/{made.Text("client_id")}", headers: ("If-Match", "3"));
        Assert.Equal([(null, 1, false), (1, 2, false), (2, 3, false), (3, 4, true)], told);
    }

    [Fact]
    public async Task Installs_survive_a_restart()
    {
        using var folder = new DataFolder();
        string made, path;
        await using (var first = await AdminHost.Start(folder))
        {
            var answer = await first.Call("POST", Path, body: Manifest);
            path = $"{Path}/{answer.Text("client_id")}";
            made = (await first.Call("POST", path + "/rotate-secret", body: """{"overlap":600}""")).Body;
        }

        await using var second = await AdminHost.Start(folder);
        var kept = await second.Call("GET", path);
        Assert.Equal((made, "2"), (kept.Body, kept.Revision));
        Assert.NotNull(second.Get<InstallDirectory>().Subscribers(Acme, "x").Single().Secrets.Previous);
        Assert.Equal("2", (await second.Call("GET", Path)).Revision);
    }

    private Install Known(Answer made) => _host.Get<InstallDirectory>().Find(Acme, Guid.Parse(made.Text("client_id")))!;

    private Task<Answer> Create(string manifest) => _host.Call("POST", Path, body: manifest);

    private Task<Answer> Act(Answer made, string act, string? body = null) => _host.Call("POST", $"{Path}/{made.Text("client_id")}/{act}", body: body);

    private Task<Answer> Put(Answer made, string revision, string manifest) =>
        _host.Call("PUT", $"{Path}/{made.Text("client_id")}", body: manifest, headers: ("If-Match", revision));
}
