using System.Net;
using System.Net.Sockets;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli;

public sealed class ClientTests
{
    [Fact]
    public async Task A_problem_is_one_line_with_its_code_and_what_to_do_next()
    {
        await using var server = await ScriptedServer.AlwaysAsync(401, """{"detail":"The token is not known.","code":"unauthorized"}""");
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("accounts", "list", "--server", server.Url));
        Assert.Equal("sealpost: The token is not known [unauthorized]. No token was sent: give one with --token-file or SEALPOST_TOKEN, or the local service's directory with --data.", run.Error.Trim());
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_refused_token_is_named_by_where_it_came_from()
    {
        await using var server = await ScriptedServer.AlwaysAsync(401, """{"detail":"The token is not known.","code":"unauthorized"}""");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "admin-token");
        await File.WriteAllTextAsync(file, "s3cret\n", TestContext.Current.CancellationToken);
        async Task<string> ErrorAsync(string? variable, params string[] more)
        {
            var run = new CommandRun();
            run.Variables["SEALPOST_TOKEN"] = variable!;
            Assert.Equal(1, await run.RunAsync(["accounts", "list", "--server", server.Url, .. more]));
            Assert.DoesNotContain("s3cret", run.Error);
            return run.Error;
        }

        Assert.Contains($"The token came from {file}: ", await ErrorAsync(null, "--data", folder.Path));
        Assert.Contains("The token came from SEALPOST_TOKEN: ", await ErrorAsync("s3cret"));
        Assert.Contains($"The token came from {file}: ", await ErrorAsync(null, "--token-file", file));
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("gehört")]
    [InlineData(" \n\n")]
    public async Task What_is_no_token_is_not_sent(string content)
    {
        await using var server = await ScriptedServer.AlwaysAsync(200, "[]");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("accounts", "list", "--server", server.Url, "--token-file", file));
        Assert.Equal($"sealpost: what is in {file} is not a token: a token is one line of visible ASCII characters.", run.Error.Trim());
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task An_account_that_is_not_there_leads_to_the_verb_that_makes_it()
    {
        await using var server = await ScriptedServer.AlwaysAsync(404, """{"detail":"There is no account acme.","code":"account_not_found"}""");
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("tokens", "list", "--server", server.Url));
        Assert.Contains("`sealpost accounts create ACCOUNT`", run.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_goes_to_a_file_is_not_printed(bool json)
    {
        await using var server = await ScriptedServer.AlwaysAsync(201, """{"id":"tok_1","token":"s3cret","name":"x"}""");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "token");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync(["tokens", "create", "--name", "x", "--token-out", file, "--server", server.Url, .. (string[])(json ? ["--json"] : [])]));
        Assert.Equal("s3cret", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("tok_1", run.Out);
        Assert.Contains(file, run.Out);
        Assert.DoesNotContain("s3cret", run.Out + run.Error);
    }

    [Fact]
    public async Task No_server_leads_to_the_question_whether_it_runs()
    {
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("accounts", "list", "--server", $"http://127.0.0.1:{ClosedPort()}"));
        Assert.Contains("is it running? Start it with `sealpost serve`", run.Error);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Json_is_the_servers_answer_as_it_came()
    {
        await using var server = await ScriptedServer.AlwaysAsync(200, """[{"id":"acme",  "n":1e400}]""");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("accounts", "list", "--server", server.Url, "--json"));
        Assert.Equal("""[{"id":"acme",  "n":1e400}]""", run.Out.TrimEnd());
    }

    [Fact]
    public async Task People_get_a_table_without_escape_sequences_of_others()
    {
        await using var server = await ScriptedServer.AlwaysAsync(200, """[{"id":"acme\u001b[31m","createdAt":"2026-01-31T00:00:00.000Z"}]""");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("accounts", "list", "--server", server.Url));
        Assert.Contains("createdAt", run.Out);
        Assert.Contains("acme·[31m", run.Out);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task The_data_directory_gives_url_and_token_and_options_win_over_variables()
    {
        await using var server = await ScriptedServer.AlwaysAsync(200, "[]");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "url"), server.Url + "\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "admin-token"), "of-directory\n", TestContext.Current.CancellationToken);
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, "of-file\n", TestContext.Current.CancellationToken);

        await new CommandRun().RunAsync("tokens", "list", "--data", folder.Path);
        await new CommandRun { Variables = { ["SEALPOST_TOKEN"] = "of-variable", ["SEALPOST_ACCOUNT"] = "var" } }.RunAsync("tokens", "list", "--data", folder.Path);
        await new CommandRun { Variables = { ["SEALPOST_TOKEN"] = "of-variable", ["SEALPOST_ACCOUNT"] = "var" } }
            .RunAsync("tokens", "list", "--data", folder.Path, "--token-file", file, "--account", "opt");

        Assert.Equal(["Bearer of-directory", "Bearer of-variable", "Bearer of-file"], server.Seen.Select(request => request.Headers.Authorization.ToString()));
        Assert.Equal(["default", "var", "opt"], server.Seen.Select(request => request.PathAndQuery.Split('/')[3]));
    }

    [Fact]
    public async Task The_local_administrators_token_never_goes_to_another_host()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "admin-token"), "secret", TestContext.Current.CancellationToken);

        var connection = Sealpost.Cli.Client.Connection.Resolve(new("https://sealpost.example", null, null, folder.Path), _ => null);

        Assert.Null(connection.Token);
    }

    [Fact]
    public async Task An_edit_carries_the_revision_and_leaves_the_secret_at_home()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.Headers["ac-revision"] = "7";
            return ScriptedServer.Json(context, 200, """{"client_id":"c","client_secret":"s","client_name":"old","capabilities":{"webhooks":{}}}""");
        });

        Assert.Equal(0, await new CommandRun().RunAsync("installs", "edit", "c", "--name", "new", "--server", server.Url));
        var put = server.Seen[^1];
        Assert.Equal("PUT", put.Method);
        Assert.Equal("7", put.Headers.IfMatch);
        Assert.Equal("""{"client_name":"new","capabilities":{"webhooks":{}}}""", put.Body);
    }

    [Fact]
    public async Task Creating_an_install_writes_the_secret_to_a_private_file_and_prints_it_nowhere()
    {
        await using var server = await ScriptedServer.AlwaysAsync(201, """{"client_id":"c","client_secret":"s3cret","client_name":"app"}""");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "secret");
        await File.WriteAllTextAsync(file, "an older and longer one", TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("installs", "create", "--endpoint", "https://localhost:1/", "--event-type", "A,B", "--secret-out", file, "--server", server.Url));
        Assert.Equal("s3cret", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("s3cret", run.Out + run.Error);
        Assert.Contains("\"client_name\":\"localhost:1\"", server.Seen[0].Body);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
