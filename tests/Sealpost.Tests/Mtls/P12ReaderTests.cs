using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Mtls.P12;
using Sealpost.Testing;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.Tests.Mtls;

/// <summary>A generated file for each case of security S7 to S9.</summary>
public sealed class P12ReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly X509Certificate2 Sound = ClientCertificates.EllipticCurve(Now);

    [Fact]
    public void A_sound_file_gives_the_certificate_with_its_key()
    {
        var reading = Read(P12Files.Of(Sound));

        Assert.Null(reading.Refusal);
        Assert.Equal(Sound.RawData, reading.Material!.Certificate.ToArray());
        Assert.Empty(reading.Material.Chain);
        Assert.Equal(Now.AddDays(90), reading.ExpiresAt);
        Assert.Empty(reading.Warnings);
        using var loaded = reading.Material.Load();
        Assert.True(loaded.HasPrivateKey);
    }

    [Fact]
    public void RSA_and_all_three_curves_are_taken()
    {
        Assert.NotNull(Read(P12Files.Of(ClientCertificates.Rsa(Now))).Material);
        foreach (var curve in new[] { ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 })
        {
            Assert.NotNull(Read(P12Files.Of(ClientCertificates.EllipticCurve(Now, curve: curve))).Material);
        }
    }

    [Fact]
    public void The_certificate_with_the_key_is_taken_wherever_it_stands_and_its_issuers_are_put_in_order()
    {
        using var root = new Pki("root");
        using var upper = root.Intermediate("upper");
        using var lower = upper.Intermediate("lower");
        using var stranger = new Pki("stranger");
        using var client = lower.Client();
        var file = P12Files.Of(client, upper.Authority, stranger.Authority, root.Authority, lower.Authority);

        var reading = P12Reader.Read(file, Password(), TimeProvider.System.GetUtcNow());

        Assert.Equal(client.RawData, reading.Material!.Certificate.ToArray());
        Assert.Equal([lower.Authority.RawData, upper.Authority.RawData], reading.Material.Chain.Select(der => der.ToArray()));
    }

    [Fact]
    public void A_file_of_old_tools_or_without_a_MAC_is_taken()
    {
        var old = new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 2000);
        Assert.NotNull(Read(new P12Files { Protection = old }.AddWithKey(Sound).Build()).Material);
        Assert.NotNull(Read(new P12Files { HasMac = false }.AddWithKey(Sound).Build()).Material);
    }

    [Fact]
    public void No_password_and_an_empty_one_are_the_same()
    {
        var file = Sound.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");
        Assert.NotNull(P12Reader.Read(file, null, Now).Material);
        Assert.NotNull(P12Reader.Read(file, new Secret(""), Now).Material);
    }

    [Fact]
    public void A_careful_file_of_600_000_iterations_is_taken() =>
        Assert.NotNull(Read(new P12Files { MacIterations = 600_000, Protection = Iterations(600_000) }.AddWithKey(Sound).Build()).Material);

    [Fact]
    public void One_that_ends_within_30_days_is_taken_with_a_warning()
    {
        var file = P12Files.Of(ClientCertificates.EllipticCurve(Now, new ClientWish { To = TimeSpan.FromDays(30) }));
        Assert.Equal(["The certificate expires soon, on 2026-07-01 12:00 UTC."], Read(file).Warnings);
        Assert.Empty(P12Reader.Read(file, Password(), Now.AddSeconds(-1)).Warnings);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "p12_too_large", new byte[(128 * 1024) + 1], "larger than 128 KiB" },
        { "p12_invalid", [], "not a PKCS#12" },
        { "p12_invalid", "hello"u8.ToArray(), "not a PKCS#12" },
        { "p12_invalid", Sound.RawData, "not a PKCS#12" },
        { "p12_invalid", System.Text.Encoding.ASCII.GetBytes(Sound.ExportCertificatePem()), "it is PEM text" },
        { "p12_invalid", P12Files.Of(Sound)[..^300], "not a PKCS#12" },
        { "p12_password_wrong", new P12Files().AddWithKey(Sound).Build("another"), "password does not open" },
        { "p12_iterations_too_high", new P12Files { MacIterations = 600_001 }.AddWithKey(Sound).Build(), "more than 600000 iterations" },
        { "p12_iterations_too_high", new P12Files { Protection = Iterations(600_001) }.AddWithKey(Sound).Build(), "more than 600000 iterations" },
        { "p12_too_many_certificates", Many(10).AddWithKey(Sound).Build(), "more than 10 certificates" },
        { "p12_no_key", new P12Files().Add(Sound).Build(), "no private key" },
        { "p12_no_certificate", new P12Files().Add(Sound).AddKey(ECDsa.Create()).Build(), "not the certificate that belongs" },
        { "p12_no_certificate", new P12Files().AddKey(ECDsa.Create()).Build(), "not the certificate that belongs" },
        { "p12_several_keys", new P12Files().AddWithKey(Sound).AddWithKey(ClientCertificates.Rsa(Now)).Build(), "more than one private key" },
        { "p12_key_mismatch", new P12Files().AddWithKey(Sound, ECDsa.Create(ECCurve.NamedCurves.nistP256)).Build(), "does not belong to the certificate" },
        { "certificate_key_weak", P12Files.Of(ClientCertificates.Rsa(Now, bits: 1024)), "fewer than 2048 bits (1024)" },
        { "certificate_key_too_large", new P12Files().AddWithKey(ClientCertificates.WithPublicKeyOf(Now, 8200), RSA.Create(2048)).Build(), "more than 8192 bits (8200)" },
        { "p12_encryption_unsupported", WithUnknownEncryption(), "algorithm that this service does not know" },
        { "certificate_curve_unsupported", P12Files.Of(ClientCertificates.EllipticCurve(Now, curve: ECCurve.NamedCurves.brainpoolP256r1)), "other than P-256" },
        { "certificate_signature_weak", P12Files.Of(ClientCertificates.Weak(Now, HashAlgorithmName.SHA1)), "broken (SHA-1)" },
        { "certificate_signature_weak", P12Files.Of(ClientCertificates.Weak(Now, HashAlgorithmName.MD5)), "broken (MD5)" },
        { "certificate_usage_wrong", P12Files.Of(ClientCertificates.EllipticCurve(Now, new ClientWish { Usages = [ClientCertificates.ServerUsage] })), "not meant for TLS clients" },
        { "certificate_usage_wrong", P12Files.Of(ClientCertificates.Rsa(Now, new ClientWish { KeyUsage = X509KeyUsageFlags.KeyEncipherment })), "digitalSignature" },
        { "certificate_expired", P12Files.Of(ClientCertificates.EllipticCurve(Now, new ClientWish { To = TimeSpan.Zero })), "has expired, on 2026-06-01 12:00 UTC" },
        { "certificate_not_yet_valid", P12Files.Of(ClientCertificates.EllipticCurve(Now, new ClientWish { From = TimeSpan.FromSeconds(1) })), "but from 2026-06-01 12:00 UTC" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_refused_has_its_code_and_a_sentence(string code, byte[] file, string words)
    {
        var reading = Read(file);

        Assert.Null(reading.Material);
        Assert.Equal(code, reading.Refusal?.Code());
        Assert.Contains(words, reading.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", reading.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_DSA_key_and_an_Ed25519_key_are_named()
    {
        foreach (var (file, name) in new[] { (TestFiles.Dsa, "DSA"), (TestFiles.Ed25519, "Ed25519") })
        {
            var reading = P12Reader.Read(Convert.FromBase64String(file), new Secret("test"), Now.AddYears(10));
            Assert.Equal("certificate_key_unsupported", reading.Refusal?.Code());
            Assert.Contains(name, reading.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Certificates_without_usages_or_with_any_usage_are_taken()
    {
        Assert.NotNull(Read(P12Files.Of(ClientCertificates.EllipticCurve(Now, new ClientWish { Usages = null, KeyUsage = null }))).Material);
        Assert.NotNull(Read(P12Files.Of(ClientCertificates.EllipticCurve(Now, new ClientWish { Usages = ["2.5.29.37.0"] }))).Material);
    }

    [Fact]
    public void Every_refusal_has_a_code_of_its_own_and_a_sentence()
    {
        var all = Enum.GetValues<P12Refusal>();
        Assert.Equal(all.Length, all.Select(refusal => refusal.Code()).Distinct().Count());
        Assert.All(all, refusal => Assert.True(refusal.Sentence("").Length > 30));
    }

    [Fact]
    public void A_file_that_would_cost_much_is_refused_at_once()
    {
        var started = TimeProvider.System.GetTimestamp();
        Read(new P12Files { MacIterations = 600_001, Protection = Iterations(2048) }.AddWithKey(Sound).Build());
        var building = TimeProvider.System.GetElapsedTime(started);

        var bomb = new P12Files { MacIterations = 600_001 }.AddWithKey(Sound).Build();
        started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(P12Refusal.TooManyIterations, Read(bomb).Refusal);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(started) < building);
    }

    // The identifier of AES-256-CBC becomes that of a key wrap, which no p12 is encrypted with.
    private static byte[] WithUnknownEncryption()
    {
        using var key = Sound.GetECDsaPrivateKey()!;
        var encrypted = key.ExportEncryptedPkcs8PrivateKey(P12Files.Password, Iterations(2048));
        var aes = new byte[] { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a };
        encrypted[encrypted.AsSpan().IndexOf(aes) + aes.Length - 1] = 0x2d;
        return new P12Files().AddWithEncryptedKey(Sound, encrypted).Build();
    }

    private static P12Reading Read(byte[] file) => P12Reader.Read(file, Password(), Now);

    private static Secret Password() => new(P12Files.Password);

    private static PbeParameters Iterations(int count) => new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, count);

    private static P12Files Many(int certificates)
    {
        var file = new P12Files();
        for (var i = 0; i < certificates; i++)
        {
            file.Add(ClientCertificates.EllipticCurve(Now, new ClientWish { Name = $"extra {i}" }));
        }

        return file;
    }
}
