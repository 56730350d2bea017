using System.Text;
using Sealpost.Protocol.OAuth1;
using static Sealpost.Tests.Protocol.OAuth1.SignedHeaders;

namespace Sealpost.Tests.Protocol.OAuth1;

/// <summary>What others published: RFC 5849, OAuth Core 1.0a, wiki.oauth.net and Twitter.</summary>
public sealed class PublishedVectorTests
{
    private const string Photos = "dpf43f3p2l4k3l03";
    private const string PhotosSecret = "kd94hf93k423kf44";
    private const string Section34 = "consumer_key=9djdj82h48djs9d2 token=kkk9d7dh3k39sjv7 signature_method=HMAC-SHA1 timestamp=137131201 nonce=7d8f3e4a";
    private const string Section34Line = "POST HTTP://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
    private const string Section34Form = "c2&a3=2+q";
    private const string Twitter =
        "consumer_key=xvz1evFS4wEEPTGEFPHBog nonce=kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg timestamp=1318622958 "
        + "token=370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb version=1.0 signature_method=HMAC-SHA1";

    [Theory]
    [InlineData("POST https://photos.example.net/initiate", "timestamp=137131200 nonce=wIjqoS callback=http://printer.example.com/ready", "", "74KNZJeDHnMBp0EMJ9ZHt/XKycU=")]
    [InlineData("POST https://photos.example.net/token", "token=hh5s93j4hdidpola timestamp=137131201 nonce=walatlh verifier=hfdp7dh39dks9884", "hdhd0244k9j7ao03", "gKgrFCywp7rO0OXSjdot/IHF7IU=")]
    [InlineData("GET http://photos.example.net/photos?file=vacation.jpg&size=original", "token=nnch734d00sl2jdk timestamp=137131202 nonce=chapoH", "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN/UDMsK2sui9I=")]
    [InlineData("GET http://photos.example.net/photos?file=vacation.jpg&size=original", "token=nnch734d00sl2jdk timestamp=1191242096 nonce=kllo9940pd9333jh version=1.0", "pfkkdhi9sl3r4s00", "tR3+Ty81lMeYAr/Fid0kMTYa/WM=")]
    public void The_printing_services_requests_have_the_published_signatures(string line, string parameters, string tokenSecret, string signature) =>
        Holds(Request(line), $"consumer_key={Photos} signature_method=HMAC-SHA1 {parameters}", Secrets(PhotosSecret, tokenSecret), signature);

    [Theory]
    [InlineData("https://api.twitter.com/1/statuses/update.json?include_entities=true", "tnnArxj06cWHq44gCs1OSKk/jLY=")]
    [InlineData("https://api.twitter.com/1.1/statuses/update.json?include_entities=true", "hCtSmYh+iHYCEqBWrE7C7hYmtUk=")]
    [InlineData("https://api.x.com/1.1/statuses/update.json?include_entities=true", "Ls93hJiZbQ3akF3HF3x1Bz8/zU4=")]
    public void Twitters_requests_have_the_published_signatures(string url, string signature) => Holds(
        Request("POST " + url, "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21"),
        Twitter,
        Secrets("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"),
        signature);

    [Fact]
    public void The_rfcs_base_string_is_its_own_down_to_the_last_byte() => Assert.Equal(
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D"
        + "%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        + "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
        BaseString.Of(Request(Section34Line, Section34Form), Parameters(Section34)));

    [Fact]
    public void The_rfcs_parameters_are_normalised_as_it_shows() => Assert.Equal(
        "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a"
        + "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7",
        BaseString.Normalised(Request(Section34Line, Section34Form), Parameters(Section34)));

    // The RFC prints bYT5CMsGcbgUdFHObYMEfcx6bsw= in 3.1 and 3.5.1: a misprint, no secrets of its text give it.
    [Fact]
    public void The_signature_that_the_rfc_misprints_is_the_one_that_libraries_compute()
    {
        var (request, secrets) = (Request(Section34Line, Section34Form), Secrets("j49sk3j29djd", "dh893hdasih9"));

        Holds(request, Section34, secrets, "r6/TJjbCOr97/+UU0NsvSne7s5g=");
        Assert.False(secrets.Matches("bYT5CMsGcbgUdFHObYMEfcx6bsw=", SignatureMethod.HmacSha1, BaseString.Of(request, Parameters(Section34))));
    }

    [Theory]
    [InlineData("GET http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X")]
    [InlineData("GET https://www.example.net:8080/?q=1", "https://www.example.net:8080/")]
    [InlineData("GET https://[2001:DB8::1]/", "https://[2001:db8::1]/")]
    [InlineData("GET https://[2001:DB8::443]:443/", "https://[2001:db8::443]/")]
    [InlineData("GET http://[2001:DB8::80]/", "http://[2001:db8::80]/")]
    [InlineData("GET http://example.com:443/", "http://example.com:443/")]
    public void Base_string_uris_are_as_the_rfc_has_them(string line, string uri) => Assert.Equal(uri, BaseString.Uri(Request(line)));

    [Theory]
    [InlineData("", "egQqG5AJep5sJ7anhXju1unge2I=")]
    [InlineData("ts", "VZVjXceV7JgPq/dOTnNmEfO0Fv8=")]
    public void The_wikis_signatures_hold(string tokenSecret, string signature) =>
        Assert.Equal(signature, Secrets("cs", tokenSecret).Sign(SignatureMethod.HmacSha1, "bs"));

    [Theory]
    [InlineData("abcABC123", "abcABC123")]
    [InlineData("-._~", "-._~")]
    [InlineData("%", "%25")]
    [InlineData("+", "%2B")]
    [InlineData("&=*", "%26%3D%2A")]
    [InlineData("\n", "%0A")]
    [InlineData(" ", "%20")]
    [InlineData("\u007F", "%7F")]
    [InlineData("\u0080", "%C2%80")]
    [InlineData("\u3001", "%E3%80%81")]
    [InlineData("!*'()~-._ +é%", "%21%2A%27%28%29~-._%20%2B%C3%A9%25")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void The_wikis_encoding_holds_both_ways(string text, string encoded)
    {
        Assert.Equal(encoded, PercentCode.Encode(text));
        Assert.Equal(encoded, PercentCode.Encode(Encoding.UTF8.GetBytes(text)));
        Assert.True(PercentCode.TryDecode(encoded, out var decoded));
        Assert.Equal(text, decoded);
    }

    [Theory]
    [InlineData("name", "name=")]
    [InlineData("a=b", "a=b")]
    [InlineData("c=d&a=b", "a=b&c=d")]
    [InlineData("a=x!y&a=x+y", "a=x%20y&a=x%21y")]
    [InlineData("x!y=a&x=a", "x=a&x%21y=a")]
    [InlineData("a=1&B=2&b=3&A=4", "A=4&B=2&a=1&b=3")]
    [InlineData("a=%ff&b=%zz&c=100%", "a=%FF&b=%25zz&c=100%25")]
    public void Normal_forms_are_as_the_wiki_has_them(string query, string normal) =>
        Assert.Equal(normal, BaseString.Normalised(Request("GET http://h/?" + query), []));

    // Signs as the sender does, and verifies as the receiver does.
    private static void Holds(SignedRequest request, string parameters, OAuthSecrets secrets, string signature)
    {
        var header = Parameters(parameters);
        Assert.Equal(signature, secrets.Sign(SignatureMethod.HmacSha1, BaseString.Of(request, header)));

        string Value(string name) => header.Find(parameter => parameter.Key == name).Value;
        var key = new OAuthKey(Value("oauth_consumer_key"), Value("oauth_token"), secrets);
        var written = AuthorizationHeader.Write([KeyValuePair.Create("realm", "Photos"), .. header, KeyValuePair.Create("oauth_signature", signature)]);
        var now = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Value("oauth_timestamp")));
        Assert.Equal(VerificationKind.Verified, Verify(request, written, key, now).Kind);
    }
}
