using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Sealpost.IntegrationTests.Accounts.AppKeys;
using Sealpost.IntegrationTests.Mtls.Certificates;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Certificates;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>The calls about certificates and mappings, over HTTP, with a vault in memory.</summary>
internal sealed class MtlsCalls : IAsyncDisposable
{
    private MtlsCalls(AdminHost host, WatchedVault vault) => (Host, Vault, Signed) = (host, vault, SignedCalls.On(host));

    public AdminHost Host { get; }

    public WatchedVault Vault { get; }

    /// <summary>Calls that are signed with an app key.</summary>
    public SignedCalls Signed { get; }

    public static async Task<MtlsCalls> StartAsync()
    {
        var vault = new WatchedVault(new ConcurrentQueue<string>());
        return new MtlsCalls(await AdminHost.Start(vault: (_, _) => vault), vault);
    }

    public static string Certificates(string account) => $"/mtls/account/{account}/certificates";

    public static string Mappings(string account) => $"/api/account/{account}/configuration/ac-common/mtls?v=3.0";

    /// <summary>A sound p12.</summary>
    public byte[] P12(string name = "client.bank.example", int days = 90)
    {
        using var certificate = ClientCertificates.EllipticCurve(Host.Time.GetUtcNow(), new ClientWish { Name = name, To = TimeSpan.FromDays(days) });
        return P12Files.Of(certificate);
    }

    public byte[] P12(Func<DateTimeOffset, X509Certificate2> make)
    {
        using var certificate = make(Host.Time.GetUtcNow());
        return P12Files.Of(certificate);
    }

    /// <summary>Uploads by file.</summary>
    public Task<Answer> UploadAsync(string account, byte[]? p12, string? certificate, string method = "POST", string token = AdminHost.AdministratorSecret)
    {
        var form = new MultipartFormDataContent();
        if (p12 is not null)
        {
            form.Add(new ByteArrayContent(p12) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-pkcs12") } }, "file", "client.p12");
        }

        if (certificate is not null)
        {
            form.Add(new StringContent(certificate, Encoding.UTF8, "application/json"), "certificate");
        }

        return Host.Send(method, Certificates(account) + "/by-file", token, form);
    }

    /// <summary>A certificate that is there, by its id.</summary>
    public async Task<long> CertificateAsync(string account, string name, int days = 90)
    {
        var answer = await UploadAsync(account, P12(days: days), Wish(name));
        Assert.Equal(201, answer.Status);
        return Assert.Single(Saved(answer)).GetProperty("id").GetInt64();
    }

    /// <summary>A mapping that is there, by its id.</summary>
    public async Task<long> MappingAsync(string account, long certificate, string name, string url, string service = "2")
    {
        var answer = await Host.Call("POST", Mappings(account), body: $$"""[{"certificationId":"{{certificate}}","serviceId":"{{service}}","enable":true,"url":"{{url}}","name":"{{name}}"}]""");
        Assert.Equal(201, answer.Status);
        return answer.Json[0].GetProperty("id").GetInt64();
    }

    /// <summary>The metadata of an upload.</summary>
    public static string Wish(string name, string password = P12Files.Password) => JsonSerializer.Serialize(new { name, password });

    public static JsonElement[] Saved(Answer answer) => [.. answer.Json.GetProperty("successfulySavedCertificates").EnumerateArray()];

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
