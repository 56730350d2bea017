using System.Net.Http.Headers;
using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Testing;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Support;

/// <summary>The whole service in this process on a folder of its own, with a receiver that it trusts.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DataFolder _folder;
    private readonly Pki _pki;
    private readonly (Dictionary<string, string> Variables, RunningOptions Options) _settings;
    private SealpostHost _host;
    private CancellationTokenSource _stop = new();
    private Task<int> _running;

    private RunningService(SealpostHost host, ScriptedReceiver receiver, Pki pki, DataFolder folder, (Dictionary<string, string> Variables, RunningOptions Options) settings)
    {
        (_host, Receiver, _pki, _folder, _settings) = (host, receiver, pki, folder, settings);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.HttpUrl };
        Token = File.ReadAllText(folder.File("admin-token")).Trim();
        _running = host.RunUntilAsync(_stop.Token);
    }

    public ScriptedReceiver Receiver { get; }

    public HttpClient Client { get; private set; }

    public SealpostHost Host => _host;

    /// <summary>The authority that the service trusts.</summary>
    public Pki Pki => _pki;

    /// <summary>The administrator's.</summary>
    public string Token { get; }

    public string Data => _folder.Path;

    /// <param name="settings">By their variable's name, such as <c>SEALPOST_Retry__FixedDelay</c>.</param>
    public static Task<RunningService> StartAsync(params (string Name, string Value)[] settings) => StartAsync(new RunningOptions(), settings);

    /// <param name="options">What is not usual about it.</param>
    /// <param name="settings">By their variable's name.</param>
    public static async Task<RunningService> StartAsync(RunningOptions options, params (string Name, string Value)[] settings)
    {
        var (pki, folder) = (new Pki(), new DataFolder());
        var receiver = await ScriptedReceiver.StartAsync(options.Receiver(pki), TestContext.Current.CancellationToken);
        var variables = settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        return new RunningService(await StartAsync(folder, pki, variables, options), receiver, pki, folder, (variables, options));
    }

    /// <summary>Stops the service and starts it on the same folder, at other ports.</summary>
    /// <param name="meanwhile">Done with the folder while nobody uses it.</param>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await StopAsync();
        await _host.DisposeAsync();
        Client.Dispose();
        _stop.Dispose();
        meanwhile?.Invoke();
        _host = await StartAsync(_folder, _pki, _settings.Variables, _settings.Options);
        _stop = new CancellationTokenSource();
        _running = _host.RunUntilAsync(_stop.Token);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _host.HttpUrl };
    }

    /// <summary>One call; the body, if any, is JSON as written. Without a token: the administrator's.</summary>
    public async Task<Answer> CallAsync(string method, string path, string? body = null, string? token = null)
    {
        using var request = Request(method, path, token);
        request.Content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }

    public HttpRequestMessage Request(string method, string path, string? token = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        return request;
    }

    /// <summary>Installs an app of event type <c>x</c> at the receiver, and gives its <c>client_id</c>.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="members">More members of the manifest, such as <c>"enabled":false</c>.</param>
    /// <param name="webhooks">Its webhooks; default <c>x</c> at the receiver's root, without retries.</param>
    public async Task<string> InstallAsync(string account, string? members = null, string? webhooks = null)
    {
        var manifest = $$"""
            {"client_name":"{{Guid.NewGuid()}}",{{members}}{{(members is null ? "" : ",")}}"capabilities":{"webhooks":{{webhooks ?? Webhook()}} } }
            """;
        var answer = await CallAsync("POST", $"/api/account/{account}/configuration/app-install/installations", manifest);
        Assert.Equal(201, answer.Status);
        return answer.Text("client_id");
    }

    /// <summary>The webhooks of one event type <c>x</c>, retried as <paramref name="retry"/> says.</summary>
    public string Webhook(string? retry = null) => $$"""{"x":{"endpoint":"{{Receiver.Url}}"}{{(retry is null ? "" : "," + retry)}} }""";

    /// <summary>Publishes one event of type <c>x</c>, and gives the notification's id.</summary>
    public async Task<string> PublishAsync(string account, string conversation, string body = """{"type":"x"}""")
    {
        var answer = await CallAsync("POST", $"/api/account/{account}/notifications?eventType=x&conversation={Uri.EscapeDataString(conversation)}", body);
        Assert.Equal(202, answer.Status);
        return answer.Json.GetProperty("ids")[0].GetString()!;
    }

    /// <summary>Asks again and again until the answer is as expected; fails when it does not come to be.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> expected)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await CallAsync("GET", path);
            Assert.Equal(200, answer.Status);
            if (expected(answer.Json))
            {
                return answer.Json;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{path} stays {answer.Body}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The account's only delivery, once it is in this state.</summary>
    public async Task<JsonElement> OnlyDeliveryAsync(string account, string state)
    {
        var list = await UntilAsync($"/api/account/{account}/deliveries", page =>
            page.GetProperty("items") is var items && items.GetArrayLength() == 1 && items[0].GetProperty("state").GetString() == state);
        return list.GetProperty("items")[0];
    }

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static Task<SealpostHost> StartAsync(DataFolder folder, Pki pki, Dictionary<string, string> settings, RunningOptions options) => SealpostHost.StartAsync(
        new ServeFlags(folder.Path, 0, options.HttpsPort, null, [pki.RootFile], options.Environment), settings, TextWriter.Null, TimeProvider.System, options.Lookup);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _host.DisposeAsync();
        Client.Dispose();
        await Receiver.DisposeAsync();
        _stop.Dispose();
        _pki.Dispose();
        _folder.Dispose();
    }
}
