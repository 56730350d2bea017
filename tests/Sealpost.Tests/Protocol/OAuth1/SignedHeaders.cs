using System.Text;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Tests.Protocol.OAuth1;

/// <summary>Requests and headers of the tests, as short texts.</summary>
internal static class SignedHeaders
{
    public const string Url = "https://mtls.example.com/mtls/account/12345678";

    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    public static readonly OAuthKey Key = new("key-acc-1", "token-1", Secrets("s3cr3t", "t0k3n"));

    public static OAuthSecrets Secrets(string consumer, string token = "") => new(Encoding.UTF8.GetBytes(consumer), Encoding.UTF8.GetBytes(token));

    public static SignedRequest Request(string line, string form = "")
    {
        var parts = line.Split(' ');
        Assert.True(SignedRequest.TryParse(parts[0], parts[1], out var request), line);
        return request with { Form = form };
    }

    /// <summary>Parameters from <c>name=value name=value</c>; the prefix <c>oauth_</c> is left out.</summary>
    public static List<KeyValuePair<string, string>> Parameters(string text) => text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .Select(pair => KeyValuePair.Create(pair[0] == "realm" ? pair[0] : "oauth_" + pair[0], pair[1]))
        .ToList();

    public static string Signed(SignedRequest request, OAuthKey? key = null, string nonce = "n-0001", DateTimeOffset? at = null) =>
        OAuthSigner.Sign(request, key ?? Key, SignatureMethod.HmacSha1, at ?? Now, nonce);

    public static Verification Verify(SignedRequest request, string header, OAuthKey? key = null, DateTimeOffset? now = null) =>
        OAuthVerifier.Verify(request, header, parameters => parameters.ConsumerKey == (key ?? Key).ConsumerKey ? key ?? Key : null, now ?? Now);
}
