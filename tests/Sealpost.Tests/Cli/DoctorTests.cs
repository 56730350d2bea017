using System.Net;
using Sealpost.Cli.Doctor;
using Sealpost.Hosting;

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

    [Theory]
    [InlineData("loop:ledger", "ledger")]
    [InlineData("vault", "Mtls:VaultMaxStale")]
    [InlineData("store", "disk")]
    [InlineData("something new", "something new")]
    public void Each_check_of_readiness_that_fails_says_what_to_do(string check, string word)
    {
        var finding = ServerChecks.Failing(check);

        Assert.Equal(Level.Fail, finding.Level);
        Assert.Contains(word, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_all_addresses_is_warned_of()
    {
        Assert.Equal(Level.Warn, LocalChecks.Egress([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("0.0.0.0/0")]).Single().Level);
        Assert.Equal(Level.Ok, LocalChecks.Egress([IPNetwork.Parse("10.0.0.0/8")]).Single().Level);
        Assert.Equal(Level.Ok, LocalChecks.Egress([]).Single().Level);
    }

    [Fact]
    public void A_log_that_nobody_could_cut_back_and_a_schema_that_is_not_ours_are_told()
    {
        StoreFindings well = new(Schema: 3, KnownSchema: 3, Bytes: 1, LogBytes: 1L << 30, Damage: null);

        Assert.Equal(Level.Ok, LocalChecks.Judge(well).Level);
        Assert.Equal(Level.Warn, LocalChecks.Judge(well with { LogBytes = (1L << 30) + 1 }).Level);
        Assert.Equal(Level.Fail, LocalChecks.Judge(well with { Damage = "it is" }).Level);
        Assert.Contains("not checked", LocalChecks.Judge(well with { IsChecked = false }).Text, StringComparison.Ordinal);
        Assert.Equal(Level.Ok, LocalChecks.JudgeSchema(well).Level);
        Assert.Equal(Level.Warn, LocalChecks.JudgeSchema(well with { Schema = 2 }).Level);
        Assert.Equal(Level.Fail, LocalChecks.JudgeSchema(well with { Schema = 4 }).Level);
    }
}
