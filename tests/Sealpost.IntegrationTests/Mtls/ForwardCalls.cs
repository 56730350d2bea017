using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;
using Sealpost.Storage.Sqlite;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Receivers;
using Sealpost.Vault;
using Answer = Sealpost.IntegrationTests.Support.Answer;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>The whole service with accounts <c>a</c> and <c>b</c>, their app keys, and calls of the forward.</summary>
internal sealed class ForwardCalls : IAsyncDisposable
{
    private const string AllPrivileges = "\"MTLS_FORWARD\",\"MTLS_READ_INTERNAL\",\"MTLS_WRITE_INTERNAL\"";

    private readonly Dictionary<string, OAuthKey> _keys = [];

    private ForwardCalls(RunningService service) => Service = service;

    public RunningService Service { get; }

    public Uri Endpoint => Service.Receiver.Url;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<ForwardCalls> StartAsync(params (string Name, string Value)[] settings) => StartAsync("Development", settings);

    public static async Task<ForwardCalls> StartAsync(string environment, params (string Name, string Value)[] settings)
    {
        var calls = new ForwardCalls(await RunningService.StartAsync(new RunningOptions { Environment = environment }, settings));
        foreach (var account in (string[])["a", "b"])
        {
            calls._keys[account] = await calls.NewKeyAsync(account);
        }

        return calls;
    }

    /// <summary>A receiver that the service trusts and that asks for a client certificate.</summary>
    public Task<ScriptedReceiver> DemandingAsync(ReceiverOptions? options = null) => ScriptedReceiver.StartAsync(
        (options ?? new ReceiverOptions(Service.Pki.Server())) with { ClientCertificates = ClientCertificateMode.RequireCertificate }, Cancellation);

    public async Task<OAuthKey> NewKeyAsync(string account, string privileges = AllPrivileges)
    {
        var made = await Service.CallAsync("POST", $"/api/account/{account}/app-keys", $$"""{"name":"{{Guid.NewGuid()}}","privileges":[{{privileges}}]}""");
        Assert.Equal(201, made.Status);
        return new OAuthKey(
            made.Text("consumer_key"),
            made.Text("token"),
            new OAuthSecrets(Encoding.UTF8.GetBytes(made.Text("consumer_secret")), Encoding.UTF8.GetBytes(made.Text("token_secret"))));
    }

    public OAuthKey KeyOf(string account) => _keys[account];

    /// <summary>The key that the platform signs its own calls with; nobody is shown it, so it is read where it is kept.</summary>
    public async Task<OAuthKey> PlatformKeyAsync()
    {
        OAuthKey? key = null;
        await Service.RestartAsync(() =>
        {
            using var database = SqliteDatabase.Open(Path.Combine(Service.Data, "sealpost.db"));
            var master = MasterKey.Open(Path.Combine(Service.Data, "master.key"), null, new SqliteKeyCheck(database));
            key = new AppKeyDirectory(new SqliteAppKeyStore(database, master).Load()).Platform.OAuth;
        });
        return key!;
    }

    /// <summary>The header for a call to this service.</summary>
    public string Sign(string method, string target, OAuthKey key)
    {
        Assert.True(SignedRequest.TryParse(method, $"http://{Service.Client.BaseAddress!.Authority}{target}", out var request));
        return OAuthSigner.Sign(request, key, SignatureMethod.HmacSha1, TimeProvider.System.GetUtcNow(), Guid.NewGuid().ToString("N"));
    }

    /// <summary>A signed forward to a URL, not sent yet.</summary>
    public HttpRequestMessage Forward(string method, string url, string account = "a", string? service = "WEBHOOKS", HttpContent? body = null, OAuthKey? key = null)
    {
        var target = $"/mtls/account/{account}";
        var request = new HttpRequestMessage(new HttpMethod(method), target) { Content = body };
        request.Headers.TryAddWithoutValidation("Authorization", Sign(method, target, key ?? _keys[account]));
        request.Headers.TryAddWithoutValidation("LP-forward-url", url);
        if (service is not null)
        {
            request.Headers.TryAddWithoutValidation("LP-service-name", service);
        }

        return request;
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using (request)
        {
            using var response = await Service.Client.SendAsync(request, Cancellation);
            return await Answer.Read(response);
        }
    }

    /// <summary>Forwards a small POST, and gives the answer.</summary>
    public Task<Answer> PostAsync(string url, string account = "a", string body = "hello", params (string Name, string Value)[] headers) =>
        SendAsync(Forward("POST", url, account, body: new StringContent(body)), headers);

    /// <summary>The lines of a signed forward's head.</summary>
    public string[] Head(string method, params string[] headers) =>
    [
        $"{method} /mtls/account/a HTTP/1.1", $"Host: {Service.Client.BaseAddress!.Authority}", $"Authorization: {Sign(method, "/mtls/account/a", _keys["a"])}", .. headers,
    ];

    /// <summary>Writes a signed forward byte by byte.</summary>
    public Task<RawAnswer> RawAsync(string method, string[] headers, string body = "", string account = "a")
    {
        var target = $"/mtls/account/{account}";
        return RawCall.SendAsync(
            Service.Client.BaseAddress!,
            $"{method} {target}",
            [$"Host: {Service.Client.BaseAddress!.Authority}", $"Authorization: {Sign(method, target, _keys[account])}", .. headers],
            body);
    }

    /// <summary>Uploads a certificate of this name, or another for one that is there, and gives its id.</summary>
    public async Task<long> UploadAsync(string account, X509Certificate2 certificate, string name, long? replaced = null)
    {
        using var form = FormOf(P12Files.Of(certificate));
        form.Add(new StringContent($$"""{"name":"{{name}}","password":"{{P12Files.Password}}"{{(replaced is null ? "" : $",\"id\":{replaced}")}} }"""), "certificate");
        using var request = Service.Request(replaced is null ? "POST" : "PUT", $"/mtls/account/{account}/certificates/by-file");
        request.Content = form;
        using var response = await Service.Client.SendAsync(request, Cancellation);
        var answer = await Answer.Read(response);
        Assert.True(answer.Status is 200 or 201, answer.Body);
        return answer.Json.GetProperty("successfulySavedCertificates")[0].GetProperty("id").GetInt64();
    }

    public static MultipartFormDataContent FormOf(byte[] p12)
    {
        var file = new ByteArrayContent(p12);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/x-pkcs12");
        return new MultipartFormDataContent { { file, "file", "client.p12" } };
    }

    /// <summary>Maps a URL to a certificate, for <c>WEBHOOKS</c>.</summary>
    public async Task MapAsync(string account, long certificate, string url, string name = "m", string method = "POST", string more = "")
    {
        var answer = await Service.CallAsync(
            method,
            $"/api/account/{account}/configuration/ac-common/mtls?v=3.0",
            $$"""[{"certificationId":{{certificate}},"serviceId":"2","enable":true,"url":"{{url}}","siteId":"{{account}}","name":"{{name}}"{{more}}}]""");
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }

    /// <summary>A certificate of this account, uploaded and mapped to a URL.</summary>
    public async Task<X509Certificate2> MappedAsync(string account, string url)
    {
        var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow(), new ClientWish { Name = $"{account}.example" });
        await MapAsync(account, await UploadAsync(account, certificate, $"of {account}"), url);
        return certificate;
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>What the headers of a forward's answer say.</summary>
internal static class TransportAnswer
{
    public static string? Header(this Answer answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : null;

    public static string? Error(this Answer answer) => answer.Header("LP-error-from-transport");

    public static string? Message(this Answer answer) => answer.Header("LP-message-from-transport");

    public static int ResponseTime(this Answer answer) => int.Parse(answer.Header("LP-response-time-from-transport")!, System.Globalization.CultureInfo.InvariantCulture);
}
