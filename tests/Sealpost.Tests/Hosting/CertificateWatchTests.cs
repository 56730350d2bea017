using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Hosting.Certificates;
using Sealpost.Testing;

namespace Sealpost.Tests.Hosting;

public sealed class CertificateWatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly Pki _pki = new();
    private readonly PairFiles _first;
    private readonly PairFiles _second;
    private readonly PresentedCertificate _presented;
    private readonly CertificateWatch _watch;
    private readonly Lines _log = new();
    private readonly List<string> _replaced = [];
    private PairFiles _files;

    public CertificateWatchTests()
    {
        (_first, _second) = (Issue(), Issue());
        _files = _first;
        _presented = new PresentedCertificate(ServerCertificate.Load(_first, out _)!, _time);
        _watch = new CertificateWatch(_presented, _first, () => _files, certificate => _replaced.Add(certificate.Thumbprint), _time, _log);
    }

    [Fact]
    public void A_pair_that_was_replaced_is_presented_once_it_has_held_still_and_whoever_knows_the_old_one_is_told()
    {
        _files = _second;
        _watch.Turn();
        Assert.Equal(Thumbprint(_first), _presented.Certificate.Thumbprint);

        _watch.Turn();

        Assert.Equal(Thumbprint(_second), _presented.Certificate.Thumbprint);
        Assert.Equal([Thumbprint(_second)], _replaced);
        Assert.False(_presented.IsDegraded);
    }

    [Fact]
    public void Half_of_a_change_is_no_reason_to_warn()
    {
        _files = _first with { Certificate = _second.Certificate };
        _watch.Turn();
        _files = _second;
        _watch.Turn();
        _watch.Turn();

        Assert.Equal(Thumbprint(_second), _presented.Certificate.Thumbprint);
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData("mismatch")]
    [InlineData("torn")]
    [InlineData("gone")]
    public void A_pair_that_cannot_be_used_keeps_the_one_before_and_is_warned_of_once(string fault)
    {
        _files = fault switch
        {
            "mismatch" => _first with { Certificate = _second.Certificate },
            "torn" => _second with { Certificate = _second.Certificate[..100] },
            _ => new PairFiles("", "", "Could not find the file"),
        };
        Turns(5);

        Assert.Equal(Thumbprint(_first), _presented.Certificate.Thumbprint);
        Assert.True(_presented.IsDegraded);
        Assert.Single(_log.Warnings);
        Assert.DoesNotContain("PRIVATE KEY", string.Concat(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_broken_pair_the_one_before_or_a_sound_one_ends_the_degradation()
    {
        _files = _first with { Key = "" };
        Turns(2);
        _files = _first;
        Turns(2);
        Assert.False(_presented.IsDegraded);

        _files = _first with { Key = "" };
        Turns(2);
        Assert.True(_presented.IsDegraded);
        Assert.Equal(2, _log.Warnings.Count);
        _files = _second;
        Turns(2);
        Assert.False(_presented.IsDegraded);
        Assert.Equal(Thumbprint(_second), _presented.Certificate.Thumbprint);
    }

    [Fact]
    public void Each_day_of_a_certificates_last_fourteen_has_one_warning()
    {
        Turns(2);
        Assert.Empty(_log.Warnings);

        _time.Advance(_presented.Left - TimeSpan.FromDays(14));
        Turns(3);
        Assert.Single(_log.Warnings);
        Assert.Contains("(14 whole days left)", _log.Warnings[0], StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(1));
        Turns(3);
        Assert.Equal(2, _log.Warnings.Count);
        Assert.False(_presented.IsDegraded);

        _time.Advance(TimeSpan.FromDays(13));
        Assert.True(_presented.IsDegraded);
        Assert.Equal(TimeSpan.Zero, _presented.Left);
    }

    public void Dispose() => _pki.Dispose();

    private PairFiles Issue()
    {
        using var server = _pki.Server();
        using var key = server.GetECDsaPrivateKey()!;
        return new PairFiles(server.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), null);
    }

    private static string Thumbprint(PairFiles files) => X509Certificate2.CreateFromPem(files.Certificate).Thumbprint;

    private void Turns(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            _watch.Turn();
        }
    }

    private sealed class Lines : ILogger<CertificateWatch>
    {
        public List<string> Warnings { get; } = [];

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
