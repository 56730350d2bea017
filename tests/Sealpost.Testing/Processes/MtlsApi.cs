using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sealpost.Protocol.OAuth1;
using Sealpost.Testing.Certificates;

namespace Sealpost.Testing.Processes;

/// <summary>The calls of MTLS for one account: what is set up as the administrator, and the forward's signature (protocol 5 and 7).</summary>
public sealed class MtlsApi(SealpostProcess process, SealpostApi api, string account)
{
    private const int NonceBytes = 16;

    private string Path => $"/mtls/account/{account}";

    /// <summary>A new app key that may forward; makes the account.</summary>
    public async Task<KeyFile> NewKeyAsync(CancellationToken cancellation)
    {
        using var wish = JsonContent.Create(new { name = $"{Guid.NewGuid()}", privileges = (string[])["MTLS_FORWARD"] });
        return JsonSerializer.Deserialize<KeyFile>(await api.SendAsync(HttpMethod.Post, $"/api/account/{account}/app-keys", wish, cancellation))!;
    }

    /// <summary>Uploads a file of <see cref="P12Files"/> and maps a URL to it, for <c>WEBHOOKS</c>.</summary>
    public async Task MapAsync(Uri url, byte[] p12, CancellationToken cancellation)
    {
        var name = $"{Guid.NewGuid()}";
        using var upload = JsonContent.Create(new { name, password = P12Files.Password, p12 = p12.Select(value => (int)value) });
        var saved = JsonNode.Parse(await api.SendAsync(HttpMethod.Post, $"{Path}/certificates", upload, cancellation))!;
        var certificate = saved["successfulySavedCertificates"]![0]!["id"]!.GetValue<long>();
        var mapping = new { certificationId = certificate, serviceId = "2", enable = true, url = url.OriginalString, siteId = account, name };
        using var mappings = JsonContent.Create((object[])[mapping]);
        await api.SendAsync(HttpMethod.Post, $"/api/account/{account}/configuration/ac-common/mtls?v=3.0", mappings, cancellation);
    }

    /// <summary>A forward of a POST to this URL, signed anew, without a body yet.</summary>
    public HttpRequestMessage Forward(KeyFile key, Uri url)
    {
        var call = new Uri(process.Http, Path);
        var request = new HttpRequestMessage(HttpMethod.Post, call);
        request.Headers.TryAddWithoutValidation("Authorization", Sign(key, call));
        request.Headers.TryAddWithoutValidation("LP-service-name", "WEBHOOKS");
        request.Headers.TryAddWithoutValidation("LP-forward-url", url.OriginalString);
        return request;
    }

    /// <summary>The <c>Authorization</c> of one POST.</summary>
    public static string Sign(KeyFile file, Uri url)
    {
        var key = new OAuthKey(
            file.ConsumerKey, file.Token, new OAuthSecrets(Encoding.UTF8.GetBytes(file.ConsumerSecret), Encoding.UTF8.GetBytes(file.TokenSecret)));
        var signed = new SignedRequest { Method = "POST", Scheme = url.Scheme, Host = url.Authority, Target = url.PathAndQuery };
        return OAuthSigner.Sign(
            signed, key, SignatureMethod.HmacSha1, TimeProvider.System.GetUtcNow(), RandomNumberGenerator.GetHexString(NonceBytes * 2, lowercase: true));
    }
}
