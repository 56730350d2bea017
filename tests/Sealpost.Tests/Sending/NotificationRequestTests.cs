using Sealpost.Protocol.Installs;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public class NotificationRequestTests
{
    private static readonly Uri Endpoint = new("https://receiver.example/hook");

    public static TheoryData<int> ControlCharacters => [.. Enumerable.Range(0, 32).Where(c => c != '\t'), 127];

    [Theory]
    [MemberData(nameof(ControlCharacters))]
    public void A_header_value_with_a_control_character_is_never_sent(int character)
    {
        var header = new WebhookHeader("x-key", $"a{(char)character}x-evil: 1");

        Assert.Throws<ArgumentException>(() => Create(header));
    }

    [Theory]
    [MemberData(nameof(ControlCharacters))]
    public void A_header_name_with_a_control_character_is_never_sent(int character)
    {
        var header = new WebhookHeader($"x-{(char)character}key", "a");

        Assert.Throws<ArgumentException>(() => Create(header));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x key")]
    [InlineData("x:key")]
    [InlineData("x-k\u00e9y")]
    public void A_header_name_that_is_no_token_is_never_sent(string name) =>
        Assert.Throws<ArgumentException>(() => Create(new WebhookHeader(name, "a")));

    [Fact]
    public void A_header_value_may_have_tabs_and_more_than_ascii()
    {
        using var request = Create(new WebhookHeader("x-key", "caf\u00e9\tau lait"));

        Assert.Equal("caf\u00e9\tau lait", request.Headers.NonValidated["x-key"].ToString());
    }

    [Fact]
    public void A_header_that_the_platform_files_under_the_content_is_sent_too()
    {
        using var request = Create(new WebhookHeader("Content-Language", "de"));

        Assert.Equal("de", request.Content!.Headers.NonValidated["Content-Language"].ToString());
    }

    [Fact]
    public void HTTP_2_is_asked_for_and_nothing_higher()
    {
        using var request = Create();

        Assert.Equal(new Version(2, 0), request.Version);
        Assert.Equal(HttpVersionPolicy.RequestVersionOrLower, request.VersionPolicy);
    }

    private static HttpRequestMessage Create(params WebhookHeader[] headers)
    {
        using var clock = new AttemptClock(new SendingOptions(), TimeProvider.System);
        return NotificationRequest.Create(Attempts.To(Endpoint, headers), clock, DateTimeOffset.UnixEpoch);
    }
}
