using Sealpost.Protocol.OAuth1;
using static Sealpost.Tests.Protocol.OAuth1.SignedHeaders;

namespace Sealpost.Tests.Protocol.OAuth1;

/// <summary>
/// Requests as a service makes them, signed by a second implementation (Python, written from the RFC). The first signature was
/// checked with openssl.
/// </summary>
public sealed class OwnVectorTests
{
    private const string Parameters = "consumer_key=key-acc-1 nonce=n-0001 signature_method=HMAC-SHA1 timestamp=1700000000";

    [Theory]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678", "XrkJp/pNs/RGyXFJpbxz1m9C4FM=")]
    [InlineData("POST https://mtls.example.com:443/mtls/account/12345678", "XrkJp/pNs/RGyXFJpbxz1m9C4FM=")]
    [InlineData("POST https://mtls.example.com:/mtls/account/12345678", "XrkJp/pNs/RGyXFJpbxz1m9C4FM=")]
    [InlineData("POST HTTPS://MTLS.Example.Com/mtls/account/12345678", "XrkJp/pNs/RGyXFJpbxz1m9C4FM=")]
    [InlineData("post https://mtls.example.com/mtls/account/12345678", "XrkJp/pNs/RGyXFJpbxz1m9C4FM=")]
    [InlineData("POST https://mtls.example.com:8443/mtls/account/12345678", "cx0nrTSJmdAroAyLU1oiNLAqZMc=")]
    [InlineData("POST https://[2001:DB8::1]:8443/mtls/account/1", "wKpq1n2O7eVB1TbzojOR6IZALy0=")]
    [InlineData("POST https://mtls.example.com?v=1", "IqpMR/AI9yK70qRN1gah4K2V7vA=")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?a-b=1&a.b=2&a~b=3&a%20b=4&A=5&a=6&%C3%A9=7&~=8", "ukyRxxNplKBrjYwVP3gabV75DrM=")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=1&v=%31&x", "9xCsP37GOJXTrHQpajoVJhDjQmE=")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?q=a+b%2Bc&q=%E2%82%AC", "BWr91emAL7arHni2mgQLKKFkGIQ=")]
    [InlineData("POST https://mtls.example.com/mtls/account/1234%35678", "ntKmQpv6W9JRtFKOFqvKWfe84iY=")]
    public void A_request_without_a_token_has_this_signature(string line, string signature) =>
        Assert.Equal(signature, SignatureOf(Signed(Request(line), new OAuthKey("key-acc-1", null, Secrets("s3cr3t")))));

    [Fact]
    public void A_token_secret_counts_without_a_token() =>
        Assert.Equal("n8154df/HbbRQ20FzearnY3zFaw=", SignatureOf(Signed(Request("POST " + Url), new OAuthKey("key-acc-1", null, Secrets("s3cr3t", "t0k3n")))));

    [Fact]
    public void An_empty_token_is_signed() =>
        Assert.Equal("n47jni4rN+yVK7jSWQpxUajOt2I=", SignatureOf(Signed(Request("POST " + Url), new OAuthKey("key-acc-1", "", Secrets("s3cr3t")))));

    [Fact]
    public void A_missing_version_is_not_signed() => Assert.Equal(
        "7B/eB1IaUsF6LAWN2FH+ZqOgha0=",
        Secrets("s3cr3t").Sign(SignatureMethod.HmacSha1, BaseString.Of(Request("POST " + Url), SignedHeaders.Parameters(Parameters))));

    [Fact]
    public void A_form_is_signed() => Assert.Equal(
        "d4zS95pQzA4hvLUSIDIq8A0XV1Q=",
        SignatureOf(Signed(Request("POST " + Url, form: "a=1&b=x+y&a=%C3%A9"), new OAuthKey("key-acc-1", null, Secrets("s3cr3t")))));

    [Fact]
    public void A_nonce_of_any_characters_is_signed() => Assert.Equal(
        "Be7cIrXikob6Ndixca9uQXN8Ys8=",
        SignatureOf(Signed(Request("POST " + Url), new OAuthKey("key-acc-1", null, Secrets("s3cr3t")), nonce: "n+/=~ é")));

    [Fact]
    public void Secrets_of_any_characters_sign() => Assert.Equal(
        "89sG9KCVPIZPKY6BMYD3QfIdtlo=",
        SignatureOf(Signed(Request("POST " + Url), new OAuthKey("key-acc-1", null, Secrets("a&b%c d", "é+/=")))));

    // Python: base64(hmac.new(b"s3cr3t&t0k3n", base_string, hashlib.sha256).digest())
    [Fact]
    public void The_longer_hash_signs_too() => Assert.Equal(
        "T83CeD5CC/qjQtRGK9zaNjAzaaK8iWyEbt/CQS5tWms=",
        SignatureOf(OAuthSigner.Sign(Request("POST " + Url), Key, SignatureMethod.HmacSha256, Now, "n-0001")));

    [Fact]
    public void The_whole_header_is_written_so() => Assert.Equal(
        "OAuth oauth_consumer_key=\"key-acc-1\", oauth_token=\"token-1\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1700000000\", "
        + "oauth_nonce=\"n%2F1\", oauth_version=\"1.0\", oauth_signature=\"59RB0LIjrF9OqHCzoZW9jCiw9oQ%3D\"",
        Signed(Request("POST " + Url), nonce: "n/1"));

    private static string SignatureOf(string header)
    {
        var parameters = AuthorizationHeader.Read(header).Parameters!;
        return parameters.Single(parameter => parameter.Key == "oauth_signature").Value;
    }
}
