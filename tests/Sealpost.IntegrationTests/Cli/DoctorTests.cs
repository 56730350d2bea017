using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Sealpost.IntegrationTests.Backups;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Cli;

public sealed class DoctorTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public async Task Beside_a_healthy_service_all_is_well()
    {
        await using var service = await RunningService.StartAsync();
        var (exit, findings) = await ExamineAsync(Reaching(service), "--data", service.Data);

        Assert.True(exit == 0, string.Join('\n', findings));
        Assert.All(["data", "settings", "egress", "token", "key", "disk", "store", "schema", "tls", "server", "ready", "clock"], subject =>
            Assert.Contains(findings, finding => finding.Subject == subject && finding.Level == "ok"));
        Assert.DoesNotContain(findings, finding => finding.Subject == "port");
    }

    [Fact]
    public async Task While_none_runs_the_server_fails_and_a_taken_port_is_told()
    {
        await using (var service = await RunningService.StartAsync())
        {
            await service.StopAsync();
            File.Copy(Path.Combine(service.Data, "sealpost.db"), _folder.File("sealpost.db"));
        }

        using var listener = new TcpListener(IPAddress.Loopback, 8443);
        TryStart(listener);
        var (exit, findings) = await ExamineAsync([], "--data", _folder.Path, "--server", "http://127.0.0.1:1");

        Assert.Equal(1, exit);
        Assert.Contains(findings, finding => finding is { Subject: "server", Level: "fail" });
        Assert.Contains(findings, finding => finding is { Subject: "port", Level: "warn" } && finding.Text.StartsWith("8443", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_store_open_secrets_and_wrong_settings_are_told()
    {
        Store.Make(_folder.Path, "x", megabytes: 1);
        using (var file = File.OpenWrite(_folder.File("sealpost.db")))
        {
            file.Position = 20_000;
            file.Write(Enumerable.Repeat((byte)0xA5, 40_000).ToArray());
        }

        foreach (var name in (string[])["admin-token", "master.key"])
        {
            await File.WriteAllTextAsync(_folder.File(name), "secret", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        await File.WriteAllTextAsync(_folder.File("sealpost.json"), """{"Egress":{"AllowedNetworks":["10.0.0.0/99"]} }""", TestContext.Current.CancellationToken);
        var (exit, findings) = await ExamineAsync([], "--data", _folder.Path, "--server", "http://127.0.0.1:1");

        Assert.Equal(1, exit);
        Assert.All(["store", "token", "key", "settings"], subject => Assert.Contains(findings, finding => finding.Subject == subject && finding.Level == "fail"));
        Assert.Contains(findings, finding => finding.Text.Contains("Egress:AllowedNetworks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_older_schema_is_told_before_the_start_that_migrates_it()
    {
        OlderStore.Make(_folder.File("sealpost.db"), migrations: 2);
        var (_, findings) = await ExamineAsync([], "--data", _folder.Path, "--server", "http://127.0.0.1:1");

        Assert.Contains(findings, finding => finding is { Subject: "schema", Level: "warn" } && finding.Text.Contains("migrates", StringComparison.Ordinal));
        Assert.Equal(2, Store.Ask<int>(_folder.File("sealpost.db"), "PRAGMA user_version"));
    }

    [Fact]
    public async Task An_endpoint_is_reached_or_what_stands_in_the_way_is_said()
    {
        await using var service = await RunningService.StartAsync();
        var url = service.Receiver.Url.ToString();
        var reaching = Reaching(service);
        var distrusting = Reaching(service);
        distrusting.Remove("SEALPOST_Egress__TrustedRoots");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        Assert.Contains("reached", await EndpointAsync(reaching, "ok", service.Data, url), StringComparison.Ordinal);
        Assert.Contains("not trusted", await EndpointAsync(distrusting, "fail", service.Data, url), StringComparison.Ordinal);
        Assert.Contains("Egress:AllowedNetworks", await EndpointAsync([], "fail", service.Data, url), StringComparison.Ordinal);
        Assert.Contains("connect", await EndpointAsync(reaching, "fail", service.Data, "https://127.0.0.1:1/"), StringComparison.Ordinal);
        Assert.Contains("within 5 s", await EndpointAsync(reaching, "fail", service.Data, $"https://{silent.LocalEndpoint}/"), StringComparison.Ordinal);
        Assert.Contains("resolve", await EndpointAsync(reaching, "fail", service.Data, "https://nowhere.invalid/"), StringComparison.Ordinal);
        Assert.Equal(2, await new CommandRun().RunAsync("doctor", "--endpoint", "ftp://x"));
    }

    [Fact]
    public async Task An_endpoint_with_an_older_TLS_is_refused_in_words()
    {
        await using var service = await RunningService.StartAsync(new RunningOptions
        {
            Receiver = pki => new Sealpost.Testing.Receivers.ReceiverOptions(pki.Server()) { TlsProtocols = SslProtocols.Tls12 },
        });
        var settings = Reaching(service);
        settings["SEALPOST_Delivery__MinimumTls"] = "1.3";

        Assert.Contains("TLS", await EndpointAsync(settings, "fail", service.Data, service.Receiver.Url.ToString()), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Reaching(RunningService service) => new()
    {
        ["SEALPOST_Egress__AllowedNetworks"] = "127.0.0.0/8",
        ["SEALPOST_Egress__AllowedPorts"] = "1-65535",
        ["SEALPOST_Egress__TrustedRoots"] = service.Pki.RootFile,
    };

    private static async Task<string> EndpointAsync(Dictionary<string, string> settings, string level, string data, string url)
    {
        var (_, findings) = await ExamineAsync(settings, "--data", data, "--endpoint", url);
        var finding = Assert.Single(findings, finding => finding.Subject == "endpoint");
        Assert.True(finding.Level == level, finding.Text);
        return finding.Text;
    }

    private static async Task<(int Exit, List<Said> Findings)> ExamineAsync(Dictionary<string, string> settings, params string[] args)
    {
        var run = new CommandRun();
        foreach (var (name, value) in settings)
        {
            run.Variables[name] = value;
        }

        var exit = await run.RunAsync(["doctor", "--json", .. args]);
        Assert.Equal("", run.Error);
        return (exit, [.. JsonElement.Parse(run.Out).EnumerateArray().Select(item => new Said(Text(item, "level"), Text(item, "subject"), Text(item, "text")))]);
    }

    private static string Text(JsonElement item, string member) => item.GetProperty(member).GetString()!;

    // Somebody else's listener there is as good.
    private static void TryStart(TcpListener listener)
    {
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        }
    }

    private sealed record Said(string Level, string Subject, string Text);
}
