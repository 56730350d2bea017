using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

public sealed class StaleRulesTests
{
    [Theory]
    [InlineData("01:00:00", "00:04:59", "Fresh")]
    [InlineData("01:00:00", "00:05:00", "Aging")]
    [InlineData("01:00:00", "00:59:59", "Aging")]
    [InlineData("01:00:00", "01:00:00", "TooOld")]
    [InlineData("00:00:10", "00:00:02.4", "Fresh")]
    [InlineData("00:00:10", "00:00:02.5", "Aging")]
    [InlineData("00:00:10", "00:00:10", "TooOld")]
    [InlineData("00:00:00", "00:00:00", "TooOld")]
    public void Age_decides_what_may_be_used(string maxStale, string age, string expected) => Assert.Equal(
        Enum.Parse<StaleVerdict>(expected),
        new StaleRules(TimeSpan.Parse(maxStale)).Judge(TimeSpan.Parse(age)));
}
