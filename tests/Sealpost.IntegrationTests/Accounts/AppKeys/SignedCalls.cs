using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.IntegrationTests.Accounts.AppKeys;

/// <summary>A host with routes that take app keys, and signed calls to them.</summary>
internal sealed class SignedCalls : IAsyncDisposable
{
    public const string Path = "/mtls/account/acme";

    private SignedCalls(AdminHost host) => Host = host;

    public AdminHost Host { get; }

    public string Authority => Host.Client.BaseAddress!.Authority;

    public static async Task<SignedCalls> StartAsync(DataFolder? folder = null, Uri? publicUrl = null) =>
        new(await AdminHost.Start(folder, publicUrl: publicUrl, map: Map));

    /// <summary>Signed calls to a host that has its routes already.</summary>
    public static SignedCalls On(AdminHost host) => new(host);

    /// <summary>A new app key, by the call that makes one.</summary>
    public async Task<OAuthKey> KeyAsync(string account = "acme", string privileges = "\"MTLS_FORWARD\"")
    {
        var made = await Host.Call("POST", $"/api/account/{account}/app-keys", body: $$"""{"name":"k","privileges":[{{privileges}}]}""");
        Assert.Equal(201, made.Status);
        return new OAuthKey(
            made.Text("consumer_key"),
            made.Text("token"),
            new OAuthSecrets(Encoding.UTF8.GetBytes(made.Text("consumer_secret")), Encoding.UTF8.GetBytes(made.Text("token_secret"))));
    }

    /// <summary>The header for a request to this host, or to the URL that the caller believes in.</summary>
    public string Sign(OAuthKey key, string line = $"POST {Path}", string? origin = null, string form = "", string? nonce = null, TimeSpan off = default)
    {
        var parts = line.Split(' ');
        Assert.True(SignedRequest.TryParse(parts[0], (origin ?? $"http://{Authority}") + parts[1], out var request));
        return OAuthSigner.Sign(request with { Form = form }, key, SignatureMethod.HmacSha1, Host.Time.GetUtcNow() + off, nonce ?? Guid.NewGuid().ToString("N"));
    }

    /// <summary>Sends a request with this header, exactly as it is written.</summary>
    public Task<RawAnswer> SendAsync(string? authorization, string line = $"POST {Path}", string? host = null, string body = "", params string[] headers) => RawCall.SendAsync(
        Host.Client.BaseAddress!,
        line,
        [$"Host: {host ?? Authority}", .. authorization is null ? [] : (string[])[$"Authorization: {authorization}"], .. headers],
        body);

    /// <summary>Signs a request and sends it.</summary>
    public Task<RawAnswer> CallAsync(OAuthKey key, string line = $"POST {Path}", string body = "", params string[] headers) =>
        SendAsync(Sign(key, line), line, body: body, headers: headers);

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    // The handlers say who was let in, for which account, and what they can read of the body.
    private static void Map(WebApplication app)
    {
        app.MapMethods("/mtls/account/{account}", ["GET", "POST", "PUT"], (Delegate)EchoAsync).NeedsAppKey(AppKeyPrivileges.MtlsForward);
        app.MapPost("/mtls/mapping", (Delegate)EchoAsync).NeedsAppKey(AppKeyPrivileges.MtlsRead);
        app.MapGet("/either/{account}", (Delegate)EchoAsync).NeedsBearerOrAppKey(Need.Read, AppKeyPrivileges.MtlsRead);
    }

    private static async Task<IResult> EchoAsync(HttpContext http)
    {
        var (caller, account) = http.Admission();
        using var reader = new StreamReader(http.Request.Body);
        return Results.Text($"{caller.Kind} {caller.Id} {account.Value} [{await reader.ReadToEndAsync(http.RequestAborted)}]");
    }
}
