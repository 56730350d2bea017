using FsCheck;
using FsCheck.Xunit;
using Sealpost.Protocol.OAuth1;
using static Sealpost.Tests.Protocol.OAuth1.SignedHeaders;

namespace Sealpost.Tests.Protocol.OAuth1;

public sealed class OAuthVerifierTests
{
    private const string Line = "POST https://mtls.example.com/mtls/account/12345678?v=1&b=2";

    [Theory]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=1&b=2")]
    [InlineData("POST https://MTLS.example.com:443/mtls/account/12345678?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?b=2&v=1")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=%31&b=2&")]
    public void What_means_the_same_is_verified(string line) =>
        Assert.Equal(VerificationKind.Verified, Verify(Request(line), Signed(Request(Line))).Kind);

    [Theory]
    [InlineData("PUT https://mtls.example.com/mtls/account/12345678?v=1&b=2")]
    [InlineData("POST http://mtls.example.com/mtls/account/12345678?v=1&b=2")]
    [InlineData("POST https://mtls.example.org/mtls/account/12345678?v=1&b=2")]
    [InlineData("POST https://mtls.example.com:8443/mtls/account/12345678?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345679?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/1234567%38?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/Account/12345678?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/../account/12345678?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678/?v=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=2&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=1&b=2&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=1")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?V=1&b=2")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=1&b=2&c")]
    [InlineData("POST https://mtls.example.com/mtls/account/12345678?v=1&b=2%20")]
    public void Another_method_scheme_host_path_or_query_is_not_authenticated(string line) =>
        Assert.Equal(VerificationKind.NotAuthenticated, Verify(Request(line), Signed(Request(Line))).Kind);

    [Fact]
    public void Another_form_is_not_authenticated()
    {
        var header = Signed(Request(Line, "a=1"));
        Assert.Equal(VerificationKind.Verified, Verify(Request(Line, "a=1"), header).Kind);
        Assert.Equal(VerificationKind.NotAuthenticated, Verify(Request(Line, "a=2"), header).Kind);
        Assert.Equal(VerificationKind.NotAuthenticated, Verify(Request(Line), header).Kind);
    }

    [Theory]
    [InlineData("oauth_nonce=\"n-0001\"", "oauth_nonce=\"n-0002\"")]
    [InlineData("oauth_timestamp=\"1700000000\"", "oauth_timestamp=\"1700000001\"")]
    [InlineData("oauth_version=\"1.0\", ", "")]
    [InlineData("oauth_token=\"token-1\", ", "")]
    [InlineData("oauth_token=\"token-1\"", "oauth_token=\"\"")]
    [InlineData("oauth_token=\"token-1\"", "oauth_token=\"token-2\"")]
    [InlineData("HMAC-SHA1", "HMAC-SHA256")]
    [InlineData("oauth_nonce", "foo=\"bar\", oauth_nonce")]
    [InlineData("oauth_signature=\"", "oauth_signature=\"A")]
    [InlineData("%3D\"", "\"")]
    [InlineData("%3D\"", "%3D%20\"")]
    public void Any_other_parameter_or_signature_is_not_authenticated(string part, string other)
    {
        var header = Signed(Request(Line));
        Assert.Contains(part, header, StringComparison.Ordinal);
        Assert.Equal(VerificationKind.NotAuthenticated, Verify(Request(Line), header.Replace(part, other, StringComparison.Ordinal)).Kind);
    }

    [Theory]
    [InlineData("OAuth ", "oauth ")]
    [InlineData("OAuth ", "OAUTH   ")]
    [InlineData("OAuth ", "OAuth realm=\"a, \\\"b\\\" = c\", ")]
    [InlineData("OAuth ", "OAuth Realm=\"\",")]
    [InlineData(", ", ",")]
    [InlineData(", ", "\t ,\t ")]
    [InlineData("n-0001", "n%2D0%30%30%31")]
    [InlineData("%3D\"", "%3d\"")]
    public void What_the_rfc_leaves_open_in_writing_is_read(string part, string other)
    {
        var header = Signed(Request(Line));
        Assert.Contains(part, header, StringComparison.Ordinal);
        var verification = Verify(Request(Line), header.Replace(part, other, StringComparison.Ordinal));
        Assert.Equal(VerificationKind.Verified, verification.Kind);
        Assert.Equal("n-0001", verification.Parameters!.Nonce);
    }

    [Theory]
    [InlineData("OAuth ", "OAuth")]
    [InlineData("OAuth ", "Bearer ")]
    [InlineData("OAuth ", "OAuth ,")]
    [InlineData("OAuth ", "OAuth realm=\"\", REALM=\"\", ")]
    [InlineData("OAuth ", "OAuth =\"\", ")]
    [InlineData("OAuth ", "OAuth a%zz=\"\", ")]
    [InlineData("OAuth ", "OAuth oauth_nonce=\"other\", ")]
    [InlineData("OAuth ", "OAuth oauth%5Fnonce=\"n-0001\", ")]
    [InlineData("OAuth ", "OAuth foo=\"1\", foo=\"2\", ")]
    [InlineData("\"n-0001\"", "n-0001")]
    [InlineData("\"n-0001\"", "'n-0001'")]
    [InlineData("\"n-0001\"", "\"n-0001")]
    [InlineData("\"n-0001\"", "\"n-%zz\"")]
    [InlineData("\"n-0001\"", "\"n-%\"")]
    [InlineData("\"n-0001\"", "\"n-%ff\"")]
    [InlineData("\"n-0001\"", "\"n+0001\"")]
    [InlineData("\"n-0001\"", "\"n 0001\"")]
    [InlineData("\"n-0001\"", "\"n-é\"")]
    [InlineData("\"n-0001\"", "\"\"")]
    [InlineData("oauth_nonce=\"n-0001\", ", "")]
    [InlineData("oauth_nonce=", "oauth_nonce =")]
    [InlineData("oauth_nonce=", "oauth_Nonce=")]
    [InlineData("oauth_consumer_key=\"key-acc-1\", ", "")]
    [InlineData("\"key-acc-1\"", "\"\"")]
    [InlineData("oauth_signature_method=\"HMAC-SHA1\", ", "")]
    [InlineData("HMAC-SHA1", "PLAINTEXT")]
    [InlineData("HMAC-SHA1", "RSA-SHA1")]
    [InlineData("HMAC-SHA1", "hmac-sha1")]
    [InlineData("oauth_timestamp=\"1700000000\", ", "")]
    [InlineData("1700000000", "+1700000000")]
    [InlineData("1700000000", "-1700000000")]
    [InlineData("1700000000", "%201700000000")]
    [InlineData("1700000000", "1700000000.0")]
    [InlineData("1700000000", "1e9")]
    [InlineData("1700000000", "0")]
    [InlineData("1700000000", "170000000000")]
    [InlineData("1700000000", "%D9%A1")]
    [InlineData("oauth_version=\"1.0\"", "oauth_version=\"1.1\"")]
    [InlineData("oauth_version=\"1.0\"", "oauth_version=\"\"")]
    [InlineData("%3D\"", "%3D\",")]
    [InlineData("%3D\"", "%3D\" x")]
    [InlineData(", ", " ")]
    [InlineData(", ", ", , ")]
    public void What_cannot_be_read_or_is_not_taken_is_malformed(string part, string other)
    {
        var header = Signed(Request(Line));
        Assert.Contains(part, header, StringComparison.Ordinal);
        var verification = Verify(Request(Line), header.Replace(part, other, StringComparison.Ordinal));
        Assert.Equal(VerificationKind.Malformed, verification.Kind);
        Assert.NotEmpty(verification.Detail);
    }

    [Fact]
    public void A_missing_signature_is_malformed()
    {
        var header = Signed(Request(Line));
        Assert.Equal(VerificationKind.Malformed, Verify(Request(Line), header[..header.LastIndexOf(',')]).Kind);
    }

    [Fact]
    public void A_nonce_of_128_characters_is_the_longest()
    {
        Assert.Equal(VerificationKind.Verified, Verify(Request(Line), Signed(Request(Line), nonce: new string('é', 128))).Kind);
        Assert.Equal(VerificationKind.Malformed, Verify(Request(Line), Signed(Request(Line), nonce: new string('a', 129))).Kind);
    }

    [Theory]
    [InlineData("&oauth_nonce=n-0001", "")]
    [InlineData("&oauth%5Fnonce=n-0001", "")]
    [InlineData("&oauth_callback=x", "")]
    [InlineData("", "oauth_token=token-1")]
    [InlineData("", "a=1&%6Fauth_token=token-1")]
    public void A_protocol_parameter_beside_the_header_is_malformed_even_when_signed(string query, string form)
    {
        var request = Request(Line + query, form);
        Assert.Equal(VerificationKind.Malformed, Verify(request, Signed(request)).Kind);
    }

    [Theory]
    [InlineData(-301, VerificationKind.TimestampOff)]
    [InlineData(-300, VerificationKind.Verified)]
    [InlineData(300, VerificationKind.Verified)]
    [InlineData(301, VerificationKind.TimestampOff)]
    public void A_timestamp_may_be_five_minutes_off(int seconds, VerificationKind kind) =>
        Assert.Equal(kind, Verify(Request(Line), Signed(Request(Line), at: Now.AddSeconds(seconds))).Kind);

    [Fact]
    public void Nobody_learns_whether_a_key_is_known()
    {
        var stranger = Key with { ConsumerKey = "key-acc-2" };
        var wrong = Verify(Request(Line), Signed(Request(Line), Key with { Secrets = Secrets("guess", "guess") }));
        var unknown = Verify(Request(Line), Signed(Request(Line), stranger));
        var late = Verify(Request(Line), Signed(Request(Line), at: Now.AddHours(-1)));
        var lateAndUnknown = Verify(Request(Line), Signed(Request(Line), stranger, at: Now.AddHours(-1)));

        Assert.Equal((VerificationKind.NotAuthenticated, wrong.Detail), (unknown.Kind, unknown.Detail));
        Assert.Equal(VerificationKind.NotAuthenticated, wrong.Kind);
        Assert.Equal((late.Kind, late.Detail), (lateAndUnknown.Kind, lateAndUnknown.Detail));

        // The signature was computed for the unknown key too.
        Assert.NotNull(unknown.BaseString);
    }

    [Fact]
    public void The_secrets_of_nobody_open_nothing()
    {
        var nobody = new OAuthKey("key-acc-2", "token-1", OAuthSecrets.Nobody);
        Assert.Equal(VerificationKind.NotAuthenticated, Verify(Request(Line), Signed(Request(Line), nobody)).Kind);
    }

    [Fact]
    public void A_key_that_was_found_under_another_name_does_not_count()
    {
        var verification = OAuthVerifier.Verify(Request(Line), Signed(Request(Line)), _ => Key with { Token = "token-2" }, Now);
        Assert.Equal(VerificationKind.NotAuthenticated, verification.Kind);
    }

    [Fact]
    public void Secrets_are_not_printed()
    {
        Assert.Equal("***", Key.Secrets.ToString());
        Assert.DoesNotContain("s3cr3t", Key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://h", "/", "")]
    [InlineData("https://h?a", "/", "a")]
    [InlineData("https://h/a?b?c", "/a", "b?c")]
    [InlineData("/a/../%2e?b=/", "/a/../%2e", "b=/")]
    [InlineData("/a?u=https://other/c", "/a", "u=https://other/c")]
    [InlineData("?u=https://other/c", "/", "u=https://other/c")]
    [InlineData("*", "*", "")]
    public void A_target_is_split_as_it_was_sent(string target, string path, string query)
    {
        var request = new SignedRequest { Method = "GET", Scheme = "https", Host = "h", Target = target };
        Assert.Equal((path, query), (request.Path, request.Query));
    }

    [Theory]
    [InlineData("ftp://h/")]
    [InlineData("h/a")]
    [InlineData("//h/a")]
    [InlineData("https:///a")]
    [InlineData("https://user@h/a")]
    [InlineData("https://h/a#b")]
    [InlineData("https://h/a b")]
    [InlineData("")]
    public void What_is_no_url_of_a_request_is_not_signed(string url) => Assert.False(SignedRequest.TryParse("GET", url, out _));

    [Property]
    public bool What_is_signed_is_verified(NonNull<string> anyNonce, NonNull<string> anyToken, NonNull<string> query)
    {
        var (nonce, token) = (anyNonce.Get, anyToken.Get);
        var fitting = nonce.Length is 0 or > 128 || HasLoneSurrogate(nonce) ? "n" : nonce;
        var key = Key with { Token = HasLoneSurrogate(token) ? "t" : token };
        var request = Request(Line) with { Target = "/a?" + query.Get };
        return Verify(request, Signed(request, key, fitting), key) is { Kind: VerificationKind.Verified, Parameters: { } read }
            && read.Nonce == fitting
            && read.Token == key.Token;
    }

    [Property]
    public bool No_header_is_too_strange_to_be_judged(NonNull<string> header) =>
        Verify(Request(Line), "OAuth " + header.Get).Kind is VerificationKind.Malformed;

    private static bool HasLoneSurrogate(string text) => text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD);
}
