using System.Text;
using FsCheck.Xunit;
using Sealpost.Protocol.Signing;

namespace Sealpost.Tests.Protocol.Signing;

public sealed class NotificationSignatureTests
{
    private static readonly SignatureScheme[] AllSchemes =
    [
        new(SignatureAlgorithm.Sha1, SignatureEncoding.Base64),
        new(SignatureAlgorithm.Sha1, SignatureEncoding.Hex),
        new(SignatureAlgorithm.Sha256, SignatureEncoding.Base64),
        new(SignatureAlgorithm.Sha256, SignatureEncoding.Hex),
    ];

    /// <summary>The document's example payload, laid out as the document has it.</summary>
    private const string SeedPayload = """
        {
           "kind":"req",
           "id":"1",
           "type":"ms.PublishEvent",
           "body":{
              "dialogId":"123a4567-b89c-12d3-e456-789123456789",
              "event":{
                 "type":"ContentEvent",
                 "contentType":"text/plain",
                 "message": "Example of message to be sent"
              }
           }
        }
        """;

    // Computed with `openssl dgst -sha1 -hmac THE_CLIENT_SECRET`, and -sha256.
    [Theory]
    [InlineData(SignatureAlgorithm.Sha1, SignatureEncoding.Base64, "sha1=ZvsZITbueo/KPygaAj+RKT/HQeE=")]
    [InlineData(SignatureAlgorithm.Sha1, SignatureEncoding.Hex, "sha1=66fb192136ee7a8fca3f281a023f91293fc741e1")]
    [InlineData(SignatureAlgorithm.Sha256, SignatureEncoding.Base64, "sha256=EwTm7tUf8vip1aVRt8Pkf1JP0NwNzzBK1ce4A7PzgGE=")]
    [InlineData(SignatureAlgorithm.Sha256, SignatureEncoding.Hex, "sha256=1304e6eed51ff2f8a9d5a551b7c3e47f524fd0dc0dcf304ad5c7b803b3f38061")]
    public void The_documents_example_is_signed_as_openssl_signs_it(SignatureAlgorithm algorithm, SignatureEncoding encoding, string expected)
    {
        var body = Encoding.UTF8.GetBytes(SeedPayload);

        Assert.Equal(281, body.Length);
        Assert.Equal(expected, NotificationSignature.Sign(new(algorithm, encoding), "THE_CLIENT_SECRET"u8, body));
        Assert.True(NotificationSignature.Verify(expected, "THE_CLIENT_SECRET"u8, body));
    }

    // RFC 2202 section 3, cases 1, 2 and 6; RFC 4231 section 4, cases 1, 2 and 6.
    [Theory]
    [InlineData("0b*20", "Hi There", SignatureAlgorithm.Sha1, "b617318655057264e28bc0b6fb378c8ef146be00")]
    [InlineData("4a656665*1", "what do ya want for nothing?", SignatureAlgorithm.Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")]
    [InlineData("aa*80", "Test Using Larger Than Block-Size Key - Hash Key First", SignatureAlgorithm.Sha1, "aa4ae5e15272d00e95705637ce8a3b55ed402112")]
    [InlineData("0b*20", "Hi There", SignatureAlgorithm.Sha256, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665*1", "what do ya want for nothing?", SignatureAlgorithm.Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("aa*131", "Test Using Larger Than Block-Size Key - Hash Key First", SignatureAlgorithm.Sha256, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    public void The_rfcs_own_vectors_hold(string secret, string body, SignatureAlgorithm algorithm, string hex)
    {
        var key = Convert.FromHexString(string.Concat(Enumerable.Repeat(secret.Split('*')[0], int.Parse(secret.Split('*')[1]))));
        var prefix = algorithm == SignatureAlgorithm.Sha1 ? "sha1=" : "sha256=";

        Assert.Equal(prefix + hex, NotificationSignature.Sign(new(algorithm, SignatureEncoding.Hex), key, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void An_install_that_chooses_nothing_signs_with_sha1_in_base64() =>
        Assert.StartsWith("sha1=", NotificationSignature.Sign(default, "s"u8, "{}"u8), StringComparison.Ordinal);

    [Property]
    public void What_is_signed_verifies_and_nothing_else_does(byte[] secret, byte[] body, byte flipped)
    {
        var changed = (byte[])[.. body, 0];
        changed[flipped % changed.Length] ^= 1;
        foreach (var scheme in AllSchemes)
        {
            var header = NotificationSignature.Sign(scheme, secret, body);

            Assert.True(NotificationSignature.Verify(header, secret, body));
            Assert.False(NotificationSignature.Verify(header, secret, changed));
            Assert.False(NotificationSignature.Verify(header, [.. secret, 1], body));
        }
    }

    [Fact]
    public void Hexadecimal_in_capitals_verifies_too() =>
        Assert.True(NotificationSignature.Verify("sha1=66FB192136EE7A8FCA3F281A023F91293FC741E1", "THE_CLIENT_SECRET"u8, Encoding.UTF8.GetBytes(SeedPayload)));

    [Theory]
    [InlineData("")]
    [InlineData("sha1")]
    [InlineData("sha1=")]
    [InlineData("sha1==")]
    [InlineData("sha256=")]
    [InlineData("ZvsZITbueo/KPygaAj+RKT/HQeE=")]
    [InlineData("SHA1=ZvsZITbueo/KPygaAj+RKT/HQeE=")]
    [InlineData("sha256=ZvsZITbueo/KPygaAj+RKT/HQeE=")]
    [InlineData("sha1=ZvsZITbueo/KPygaAj+RKT/HQeE")]
    [InlineData("sha1=ZvsZITbueo/KPygaAj+RKT/HQeE==")]
    [InlineData("sha1=66fb192136ee7a8fca3f281a023f91293fc741e")]
    [InlineData("sha1=66fb192136ee7a8fca3f281a023f91293fc741")]
    [InlineData("sha1=66fb192136ee7a8fca3f281a023f91293fc741e1e1")]
    [InlineData("sha1=zzfb192136ee7a8fca3f281a023f91293fc741e1")]
    [InlineData("sha1=ZvsZITbueo/KPygaAj+RKT/HQeé=")]
    [InlineData("sha1= ZvsZITbueo/KPygaAj+RKT/HQeE=")]
    [InlineData("sha1=ZvsZITbueo/K\nPygaAj+RKT/HQeE=")]
    [InlineData("md5=ZvsZITbueo/KPygaAj+RKT/HQeE=")]
    public void A_header_of_another_shape_is_false(string header) =>
        Assert.False(NotificationSignature.Verify(header, "THE_CLIENT_SECRET"u8, Encoding.UTF8.GetBytes(SeedPayload)));

    [Property(MaxTest = 500)]
    public void Garbage_is_false_and_never_thrown_at(string? garbage, byte[] body)
    {
        Assert.False(NotificationSignature.Verify(garbage, "s"u8, body));
        Assert.False(NotificationSignature.Verify($"sha1={garbage}", "s"u8, body));
        Assert.False(NotificationSignature.Verify($"sha256={garbage}=", "s"u8, body));
        Assert.False(NotificationSignature.Verify($"sha256={new string('=', 10_000)}", "s"u8, body));
    }
}
