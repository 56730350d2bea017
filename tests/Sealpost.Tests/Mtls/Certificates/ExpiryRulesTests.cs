using Sealpost.Mtls.Certificates;

namespace Sealpost.Tests.Mtls.Certificates;

public sealed class ExpiryRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(30.001, null, null)]
    [InlineData(30.0, null, 30)]
    [InlineData(20.0, null, 30)]
    [InlineData(20.0, 30, null)]
    [InlineData(7.001, 30, null)]
    [InlineData(7.0, 30, 7)]
    [InlineData(7.0, 7, null)]
    [InlineData(1.0, 7, 1)]
    [InlineData(1.0, 1, null)]
    [InlineData(0.001, 1, null)]
    // Who was away for weeks is told once, of the nearest.
    [InlineData(5.0, null, 7)]
    [InlineData(0.5, null, 1)]
    [InlineData(0.5, 30, 1)]
    // What has ended is warned of no more.
    [InlineData(0.0, null, null)]
    [InlineData(-1.0, 7, null)]
    public void Each_warning_is_due_once_and_in_its_time(double daysLeft, int? warned, int? due) =>
        Assert.Equal(due, ExpiryRules.Due(Now.AddDays(daysLeft), warned, Now));
}
