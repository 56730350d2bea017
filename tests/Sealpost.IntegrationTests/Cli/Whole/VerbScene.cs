using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Certificates;

namespace Sealpost.IntegrationTests.Cli.Whole;

/// <summary>An account of its own in a running service, with what a verb may need in it, and a folder for its files.</summary>
internal sealed class VerbScene(RunningService service) : IDisposable
{
    private readonly DataFolder _folder = new();

    public string Account { get; } = $"a{Guid.NewGuid():N}";

    public RunningService Service => service;

    public string Endpoint => service.Receiver.Url.ToString();

    public string File(string name) => _folder.File(name);

    public string Written(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public string P12()
    {
        using var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow(), new ClientWish { To = TimeSpan.FromDays(90) });
        System.IO.File.WriteAllBytes(File("client.p12"), P12Files.Of(certificate));
        return File("client.p12");
    }

    public string P12Password() => Written("p12.password", P12Files.Password);

    public CommandRun Run()
    {
        var run = new CommandRun();
        run.Variables["SEALPOST_SERVER"] = service.Host.HttpUrl.ToString();
        run.Variables["SEALPOST_TOKEN"] = service.Token;
        run.Variables["SEALPOST_ACCOUNT"] = Account;
        return run;
    }

    /// <summary>Runs a line that must succeed, and gives what it said.</summary>
    public async Task<JsonElement> DoneAsync(params string[] args)
    {
        var run = Run();
        Assert.True(await run.RunAsync([.. args, "--json"]) == 0, $"{string.Join(' ', args)}: {run.Error}");
        return JsonElement.Parse(run.Out);
    }

    public async Task<string> MadeAccountAsync() => (await DoneAsync("accounts", "create", Account)).GetProperty("id").GetString()!;

    public Task<string> InstallAsync() => service.InstallAsync(Account);

    /// <summary>A notification that was delivered.</summary>
    public async Task<(string Install, string Delivery)> DeliveredAsync()
    {
        var install = await InstallAsync();
        await service.PublishAsync(Account, "talk");
        return (install, (await service.OnlyDeliveryAsync(Account, "delivered")).GetProperty("id").GetString()!);
    }

    /// <summary>A notification that waits, as its app is disabled.</summary>
    public async Task<string> PendingAsync()
    {
        await DoneAsync("installs", "disable", await InstallAsync());
        await service.PublishAsync(Account, "talk");
        return (await service.OnlyDeliveryAsync(Account, "pending")).GetProperty("id").GetString()!;
    }

    /// <summary>A replay that waits, as its app is disabled.</summary>
    public async Task<string> ReplayAsync()
    {
        var (install, _) = await DeliveredAsync();
        await DoneAsync("installs", "disable", install);
        return (await DoneAsync("deliveries", "replay", "--client-id", install, "--since", "1h", "--state", "all")).GetProperty("job").GetString()!;
    }

    public async Task<string> CertificateAsync()
    {
        await DoneAsync("certificates", "upload", P12(), "--name", "bank", "--password-file", P12Password());
        return "bank";
    }

    public async Task<string> MappingAsync()
    {
        await DoneAsync("mappings", "create", "--name", "hook", "--url", "https://bank.example/hook", "--certificate", await CertificateAsync());
        return "hook";
    }

    public async Task<string> KeyFileAsync()
    {
        await DoneAsync("keys", "create", "--name", "gateway", "--key-out", File("key.json"));
        return File("key.json");
    }

    public void Dispose() => _folder.Dispose();
}
