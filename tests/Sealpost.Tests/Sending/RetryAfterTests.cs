using System.Net;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Fri, 02 Jan 2026 03:05:05 GMT", 60)]
    [InlineData("Fri, 02 Jan 2026 03:00:00 GMT", 0)]
    public void Seconds_and_dates_are_understood(string value, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Of(HttpStatusCode.ServiceUnavailable, value));

    [Theory]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public void Anything_else_asks_for_nothing(string value) =>
        Assert.Null(Of(HttpStatusCode.TooManyRequests, value));

    [Fact]
    public void The_first_of_several_counts() =>
        Assert.Equal(TimeSpan.FromSeconds(7), Of(HttpStatusCode.TooManyRequests, "7", "9"));

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Moved)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public void It_counts_with_no_other_status(HttpStatusCode status) => Assert.Null(Of(status, "120"));

    private static TimeSpan? Of(HttpStatusCode status, params string[] values)
    {
        using var response = new HttpResponseMessage(status);
        response.Headers.TryAddWithoutValidation("Retry-After", values);
        return RetryAfter.Of(response, Now);
    }
}
