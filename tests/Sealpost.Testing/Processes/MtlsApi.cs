using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sealpost.Protocol.OAuth1;
using Sealpost.Testing.Certificates;

namespace Sealpost.Testing.Processes;

/// <summary>The calls of MTLS for one account: what is set up as the administrator, and the forward's signature (protocol 5 and 7).</summary>
public sealed class MtlsApi(SealpostProcess process, SealpostApi api, string account)
{
    private const int NonceBytes = 16;

    private string Forwarding => $"/mtls/account/{account}";

    /// <summary>A new app key that may forward; makes the account.</summary>
    public async Task<OAuthKey> NewKeyAsync(CancellationToken cancellation)
    {
        using var wish = JsonContent.Create(new { name = $"{Guid.NewGuid()}", privileges = (string[])["MTLS_FORWARD"] });
        var key = JsonNode.Parse(await api.SendAsync(HttpMethod.Post, $"/api/account/{account}/app-keys", wish, cancellation))!;
        string Text(string name) => key[name]!.GetValue<string>();
        return new OAuthKey(
            Text("consumer_key"), Text("token"), new OAuthSecrets(Encoding.UTF8.GetBytes(Text("consumer_secret")), Encoding.UTF8.GetBytes(Text("token_secret"))));
    }

    /// <summary>Uploads a file of <see cref="P12Files"/> and maps a URL to it, for <c>WEBHOOKS</c>.</summary>
    public async Task MapAsync(Uri url, byte[] p12, CancellationToken cancellation)
    {
        var name = $"{Guid.NewGuid()}";
        using var upload = JsonContent.Create(new { name, password = P12Files.Password, p12 = p12.Select(value => (int)value) });
        var saved = JsonNode.Parse(await api.SendAsync(HttpMethod.Post, $"{Forwarding}/certificates", upload, cancellation))!;
        var certificate = saved["successfulySavedCertificates"]![0]!["id"]!.GetValue<long>();
        var mapping = new { certificationId = certificate, serviceId = "2", enable = true, url = url.OriginalString, siteId = account, name };
        using var mappings = JsonContent.Create((object[])[mapping]);
        await api.SendAsync(HttpMethod.Post, $"/api/account/{account}/configuration/ac-common/mtls?v=3.0", mappings, cancellation);
    }

    /// <summary>A forward of a POST to this URL, signed anew, without a body yet.</summary>
    public HttpRequestMessage Forward(OAuthKey key, Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(process.Http, Forwarding));
        request.Headers.TryAddWithoutValidation("Authorization", Sign(key));
        request.Headers.TryAddWithoutValidation("LP-service-name", "WEBHOOKS");
        request.Headers.TryAddWithoutValidation("LP-forward-url", url.OriginalString);
        return request;
    }

    private string Sign(OAuthKey key)
    {
        var signed = new SignedRequest { Method = "POST", Scheme = process.Http.Scheme, Host = process.Http.Authority, Target = Forwarding };
        return OAuthSigner.Sign(
            signed, key, SignatureMethod.HmacSha1, TimeProvider.System.GetUtcNow(), RandomNumberGenerator.GetHexString(NonceBytes * 2, lowercase: true));
    }
}
