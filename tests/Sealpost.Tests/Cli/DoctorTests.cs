using Sealpost.Cli.Doctor;

namespace Sealpost.Tests.Cli;

public sealed class DoctorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1000, (int)Level.Fail)]
    [InlineData(1001, (int)Level.Warn)]
    [InlineData(2000, (int)Level.Warn)]
    [InlineData(2001, (int)Level.Ok)]
    public void The_disk_fails_at_the_reserve_and_warns_at_twice_it(long free, int level) =>
        Assert.Equal((Level)level, LocalChecks.Disk(free, reserveBytes: 1000).Level);

    [Theory]
    [InlineData(0, (int)Level.Fail)]
    [InlineData(30, (int)Level.Warn)]
    [InlineData(31, (int)Level.Ok)]
    public void A_certificate_warns_thirty_days_before_it_expires(int days, int level) =>
        Assert.Equal((Level)level, TlsChecks.Judge("server.pem", Now.AddDays(days), Now).Level);

    [Theory]
    [InlineData(-5, (int)Level.Ok)]
    [InlineData(6, (int)Level.Warn)]
    [InlineData(-61, (int)Level.Fail)]
    public void A_clock_that_is_off_in_either_direction_is_told(int seconds, int level) =>
        Assert.Equal((Level)level, ServerChecks.Clock(Now.AddSeconds(seconds), Now).Level);

    [Fact]
    public void A_server_without_a_date_is_only_warned_about() => Assert.Equal(Level.Warn, ServerChecks.Clock(server: null, Now).Level);
}
