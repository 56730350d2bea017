using System.Security.Cryptography;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

public sealed class KeyMaterialTests
{
    [Fact]
    public void It_comes_back_from_its_PEM_as_it_was()
    {
        foreach (var material in new[] { TestMaterial.New(), TestMaterial.NewRsa() })
        {
            Assert.True(KeyMaterialPem.TryRead(KeyMaterialPem.Write(material), out var read));
            Assert.Equal(material, read);
        }
    }

    [Fact]
    public void It_loads_as_a_certificate_with_its_key_and_its_chain()
    {
        foreach (var (material, chained) in new[] { (TestMaterial.New(), 1), (TestMaterial.NewRsa(), 0) })
        {
            using var certificate = material.Load();
            Assert.True(certificate.HasPrivateKey);
            Assert.Equal(chained, material.LoadChain().Count);
        }
    }

    [Fact]
    public void A_key_of_another_certificate_is_noticed()
    {
        var (one, other) = (TestMaterial.New(), TestMaterial.New());
        Assert.Throws<CryptographicException>(() => new KeyMaterial(one.Certificate, other.PrivateKey, []).Load());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no PEM")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----")]
    public void A_text_without_a_certificate_or_its_key_is_no_key_material(string pem) =>
        Assert.False(KeyMaterialPem.TryRead(new Secret(pem), out _));
}
