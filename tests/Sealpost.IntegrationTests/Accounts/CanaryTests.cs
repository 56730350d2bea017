using System.Text;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Accounts;

/// <summary>No secret stands in the database's files, in the log, or in an error.</summary>
public sealed class CanaryTests
{
    private const string Path = "/api/account/acme/configuration/app-install/installations";

    [Fact]
    public async Task No_secret_reaches_the_disk_or_the_log_in_the_clear()
    {
        using var folder = new DataFolder();
        await using var host = await AdminHost.Start(folder);
        var canaries = new List<string> { AdminHost.AdministratorSecret, "canary-client-secret" };
        var made = await host.Call("POST", Path, body: """{"client_name":"app","client_secret":"canary-client-secret"}""");
        var item = $"{Path}/{made.Text("client_id")}";
        canaries.Add((await host.Call("POST", item + "/rotate-secret", body: """{"overlap":600}""")).Text("client_secret"));
        var token = await host.Token("acme", "manage");
        canaries.Add(token);
        canaries.Add((await host.Call("POST", "/api/account/acme/login", null, $$"""{"username":"ann","password":"{{token}}"}""")).Text("bearer"));
        await host.Call("POST", "/api/account/acme/login", null, $$"""{"username":"ann","password":["{{token}}"]}""");
        var appKey = await host.Call("POST", "/api/account/acme/app-keys", body: """{"name":"k","privileges":["MTLS_FORWARD"]}""");
        canaries.AddRange([appKey.Text("consumer_secret"), appKey.Text("token_secret")]);
        canaries.Add(host.Get<AppKeyDirectory>().Platform.Key.TokenSecret.Reveal());
        await host.Call("GET", item, token);
        await host.Call("PUT", item, token, $$"""{"client_secret":"canary-client-secret","client_id":5}""");

        // What was refused is written at the latest when somebody looks.
        await host.Call("GET", "/api/account/acme/audit");
        await host.Call("GET", "/api/audit");

        Assert.NotEmpty(host.Log);
        var log = string.Join('\n', host.Log);
        var files = Directory.GetFiles(folder.Path, "sealpost.db*");
        Assert.Contains(folder.File("sealpost.db-wal"), files);
        foreach (var canary in canaries)
        {
            Assert.DoesNotContain(canary, log, StringComparison.Ordinal);
            Assert.All(files, file => Assert.False(Contains(file, canary), file));
        }

        // The search finds what is there.
        Assert.Contains(files, file => Contains(file, "client_name"));
    }

    private static bool Contains(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
