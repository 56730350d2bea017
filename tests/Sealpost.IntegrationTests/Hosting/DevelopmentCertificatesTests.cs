using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Hosting.Certificates;
using Sealpost.Hosting.Lifetime;

namespace Sealpost.IntegrationTests.Hosting;

public sealed class DevelopmentCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sealpost-tls-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly DevelopmentCertificates _certificates;

    public DevelopmentCertificatesTests() => _certificates = new DevelopmentCertificates(_folder, _time);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("192.0.2.7")]
    public void The_server_is_known_by_its_names_and_the_address_it_listens_on(string name)
    {
        _certificates.Ensure(IPAddress.Parse("192.0.2.7"));

        using var server = X509CertificateLoader.LoadCertificateFromFile(_certificates.ServerPath);
        Assert.True(server.MatchesHostname(name, allowCommonName: false));
        Assert.True(server.MatchesHostname(Dns.GetHostName().ToLowerInvariant(), allowCommonName: false));
    }

    [Fact]
    public void The_server_is_made_anew_with_fewer_than_thirty_days_left_by_the_same_authority()
    {
        _certificates.Ensure(IPAddress.Loopback);
        var (authority, server) = (Authority, Server);

        _time.Advance(TimeSpan.FromDays(334));
        _certificates.Ensure(IPAddress.Loopback);
        Assert.Equal(server, Server);

        _time.Advance(TimeSpan.FromDays(2));
        _certificates.Ensure(IPAddress.Loopback);
        Assert.NotEqual(server, Server);
        Assert.Equal(authority, Authority);
    }

    [Fact]
    public void A_new_authority_signs_a_new_server()
    {
        _certificates.Ensure(IPAddress.Loopback);
        var (authority, server) = (Authority, Server);

        _time.Advance(TimeSpan.FromDays(3650 - 29));
        _certificates.Ensure(IPAddress.Loopback);

        Assert.NotEqual(authority, Authority);
        Assert.NotEqual(server, Server);
    }

    [Fact]
    public void A_server_whose_key_is_lost_is_made_anew()
    {
        _certificates.Ensure(IPAddress.Loopback);
        File.Delete(_certificates.ServerKeyPath);

        _certificates.Ensure(IPAddress.Loopback);

        Assert.NotNull(ServerCertificate.Load(_certificates.ServerPath, _certificates.ServerKeyPath).ServerCertificateContext);
    }

    [Fact]
    public void A_damaged_authority_is_reported_and_never_replaced()
    {
        _certificates.Ensure(IPAddress.Loopback);
        File.WriteAllText(_certificates.AuthorityPath, "not a certificate");

        var failed = Assert.Throws<StartException>(() => _certificates.Ensure(IPAddress.Loopback));

        Assert.StartsWith(_certificates.AuthorityPath, failed.Message, StringComparison.Ordinal);
        Assert.Equal("not a certificate", Authority);
    }

    [Fact]
    public void A_key_that_is_not_the_certificates_stops_the_start()
    {
        _certificates.Ensure(IPAddress.Loopback);

        var failed = Assert.Throws<StartException>(() => ServerCertificate.Load(_certificates.ServerPath, Path.Combine(_folder, "ca.key")));

        Assert.StartsWith("Server:Certificate ", failed.Message, StringComparison.Ordinal);
    }

    private string Authority => File.ReadAllText(_certificates.AuthorityPath);

    private string Server => File.ReadAllText(_certificates.ServerPath);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
