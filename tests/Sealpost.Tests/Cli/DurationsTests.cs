using Sealpost.Cli;

namespace Sealpost.Tests.Cli;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("00:00:03", 3000)]
    [InlineData("00:00:00.250", 250)]
    [InlineData("300ms", 300)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    public void Settings_notation_and_units_are_read(string text, int milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("-00:00:01")]
    [InlineData("1e99d")]
    [InlineData("99999999d")]
    [InlineData("soon")]
    public void Anything_else_is_not(string text) => Assert.False(Durations.TryParse(text, out _));
}
