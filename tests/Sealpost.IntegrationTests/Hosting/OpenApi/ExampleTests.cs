using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>The document's examples, sent to a service: each is answered with its status, and with a body as it is described.</summary>
public sealed class ExampleTests
{
    /// <summary>In an order in which each finds what it needs. A call stands for those of its examples that are not named themselves.</summary>
    private static readonly string[] Order =
    [
        "getLive", "getReady", "getMetrics", "getStatusPage", "getOpenApi", "getDocs", "getDocsStyle", "listDomains", "getDomain",
        "createAccount", "getAccount", "createToken", "listAccounts", "listTokens", "getToken", "login", "createAppKey", "listAppKeys", "getAppKey",
        "createInstall", "listInstalls", "getInstall", "replaceInstall", "replaceInstallByPost", "rotateSecret", "disableInstall", "getInstallState",
        "publish", "testInstall", "listDeliveries", "getDelivery", "followEvents", "dropDelivery",
        "replayDelivery/while disabled", "enableInstall", "replayDelivery", "createReplay", "listReplays", "getReplay", "cancelReplay",
        "createCertificates", "createCertificateByFile", "replaceCertificates", "replaceCertificateByFile", "listCertificates", "getCertificate", "testP12",
        "createMappings", "listMappings", "checkMappings", "changeMappings", "deleteMappings",
        "forwardGet", "forwardPost", "forwardPut", "forwardPatch", "forwardDelete", "forwardHead", "deleteCertificate",
        "eraseConversation", "listAudit", "listGlobalAudit",
        "deleteAccount/with installs", "deleteInstall", "deleteAppKey", "deleteToken", "deleteAccount",
    ];

    [Fact]
    public async Task Every_example_is_answered_as_the_document_says()
    {
        await using var service = await RunningService.StartAsync();
        var api = await DescribedApi.Of(service);
        var run = new ExampleRun(service, api);
        var faults = new List<string?>();

        foreach (var example in InOrder(api))
        {
            faults.Add(await run.SendAsync(example));
        }

        Assert.True(faults.TrueForAll(fault => fault is null), string.Join('\n', faults.OfType<string>()));
        Assert.True(faults.Count > 100, $"{faults.Count} examples");
    }

    [Fact]
    public async Task A_live_attempt_and_a_published_event_look_as_the_document_says()
    {
        await using var service = await RunningService.StartAsync();
        var schemas = new AnswerSchemas((await DescribedApi.Of(service)).Document);
        await service.InstallAsync("acme");
        using var request = service.Request("GET", "/api/account/acme/events");
        using var response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await lines.ReadLineAsync(TestContext.Current.CancellationToken);

        await service.PublishAsync("acme", "c");

        string? line;
        do
        {
            line = await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
        while (line != "event: attempt");

        var data = (await lines.ReadLineAsync(TestContext.Current.CancellationToken))!;
        Assert.Null(schemas.FaultOf("AttemptEvent", JsonDocument.Parse(data["data: ".Length..]).RootElement));
    }

    // What is not sent, though it is there, is a fault of the order.
    private static IEnumerable<DescribedExample> InOrder(DescribedApi api)
    {
        var calls = api.Calls().ToList();
        var all = calls.SelectMany(call => call.Examples).ToList();
        var named = Order.Select(entry => entry.Split('/')[0]);
        Assert.Equal(calls.Select(call => call.Id).Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
        return Order.SelectMany(entry => all.Where(example => entry.Contains('/')
            ? example.Id == entry
            : example.Call.Id == entry && !Order.Contains($"{entry}/{example.Name}")));
    }
}
