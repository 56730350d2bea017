using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli;

public sealed class KeysTests
{
    private const string KeyFile =
        """{"consumer_key":"spkey_1","consumer_secret":"c0nsumer","token":"spktk_1","token_secret":"t0ken","account":"default","privileges":["MTLS_FORWARD"]}""";

    [Fact]
    public async Task Creating_a_key_asks_for_its_privileges_and_prints_the_key_file()
    {
        await using var server = await ScriptedServer.AlwaysAsync(201, KeyFile);
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("keys", "create", "--name", "gateway", "--privilege", "MTLS_FORWARD, MTLS_READ_INTERNAL", "--server", server.Url));
        Assert.Equal(KeyFile, run.Out.Trim());
        Assert.Equal(("POST", "/api/account/default/app-keys"), (server.Seen[0].Method, server.Seen[0].PathAndQuery));
        Assert.Equal("""{"name":"gateway","privileges":["MTLS_FORWARD","MTLS_READ_INTERNAL"]}""", server.Seen[0].Body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_file_that_is_written_is_its_owners_alone_and_no_secret_is_printed(bool json)
    {
        await using var server = await ScriptedServer.AlwaysAsync(201, KeyFile);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "key.json");
        var run = new CommandRun();

        string[] flags = json ? ["--json"] : [];
        Assert.Equal(0, await run.RunAsync(["keys", "create", "--name", "gateway", "--key-out", file, "--server", server.Url, .. flags]));
        Assert.Equal(KeyFile, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("spkey_1", run.Out);
        Assert.DoesNotContain("c0nsumer", run.Out + run.Error);
        Assert.DoesNotContain("t0ken", run.Out + run.Error);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        // What was written signs.
        Assert.Equal(0, await new CommandRun().RunAsync("oauth", "sign", "--key-file", file, "POST", "https://h/"));
    }

    [Fact]
    public async Task Keys_are_listed_as_a_table_or_as_they_came()
    {
        const string List = """[{"consumer_key":"spkey_1","name":"gateway","privileges":["MTLS_FORWARD","MTLS_READ_INTERNAL"]}]""";
        await using var server = await ScriptedServer.AlwaysAsync(200, List);
        var (people, machine) = (new CommandRun(), new CommandRun());

        Assert.Equal(0, await people.RunAsync("keys", "list", "--account", "acme", "--server", server.Url));
        Assert.Contains("MTLS_FORWARD, MTLS_READ_INTERNAL", people.Out);
        Assert.Equal(0, await machine.RunAsync("keys", "list", "--account", "acme", "--json", "--server", server.Url));
        Assert.Equal(List, machine.Out.Trim());
        Assert.All(server.Seen, request => Assert.Equal(("GET", "/api/account/acme/app-keys"), (request.Method, request.PathAndQuery)));
    }

    [Fact]
    public async Task A_key_is_deleted_by_its_consumer_key()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("keys", "delete", "spkey_1", "--server", server.Url));
        Assert.Equal(("DELETE", "/api/account/default/app-keys/spkey_1"), (server.Seen[0].Method, server.Seen[0].PathAndQuery));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_a_failure_with_its_code()
    {
        await using var server = await ScriptedServer.AlwaysAsync(404, """{"detail":"The account has no such app key.","code":"app_key_not_found"}""");
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("keys", "delete", "spkey_1", "--server", server.Url));
        Assert.Contains("[app_key_not_found]", run.Error);
    }
}
