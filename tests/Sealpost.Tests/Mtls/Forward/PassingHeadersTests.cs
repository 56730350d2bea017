using Sealpost.Mtls.Forward;

namespace Sealpost.Tests.Mtls.Forward;

public sealed class PassingHeadersTests
{
    private static readonly IReadOnlySet<string> None = PassingHeaders.NamedBy([]);

    [Theory]
    [InlineData("x-liveperson-signature", true)]
    [InlineData("X-Custom", true)]
    [InlineData("Cookie", true)]
    [InlineData("Accept-Encoding", true)]
    [InlineData("LPS-other", true)]
    [InlineData("lp-anything", false)]
    [InlineData("AUTHORIZATION", false)]
    [InlineData("proxy-anything", false)]
    [InlineData("x-forwarded-anything", false)]
    [InlineData("forwarded", false)]
    [InlineData("via", false)]
    [InlineData("expect", false)]
    [InlineData("host", false)]
    [InlineData("te", false)]
    [InlineData("http2-settings", false)]
    public void A_request_header_passes_on_or_stays(string name, bool passes) => Assert.Equal(passes, PassingHeaders.PassesOn(name, None));

    [Theory]
    [InlineData("Set-Cookie", true)]
    [InlineData("Retry-After", true)]
    [InlineData("lp-status-from-transport", false)]
    [InlineData("Connection", false)]
    [InlineData("Alt-Svc", false)]
    [InlineData("Strict-Transport-Security", false)]
    public void An_answers_header_passes_back_or_stays(string name, bool passes) => Assert.Equal(passes, PassingHeaders.PassesBack(name, None));

    [Fact]
    public void What_the_connection_names_stays_in_any_case()
    {
        var named = PassingHeaders.NamedBy(["a , X-Named", null, ",,x-other"]);

        Assert.Equal((false, false, true), (PassingHeaders.PassesOn("x-NAMED", named), PassingHeaders.PassesBack("X-Other", named), PassingHeaders.PassesOn("X-Third", named)));
    }

    [Fact]
    public void No_control_character_but_the_tab_passes()
    {
        var passing = Enumerable.Range(0, 256).Where(c => PassingHeaders.IsWellFormed("X", $"a{(char)c}b")).ToList();
        var writable = Enumerable.Range(0, 256).Where(c => PassingHeaders.IsWritable($"a{(char)c}b")).ToList();

        Assert.Equal([9, .. Enumerable.Range(32, 95), .. Enumerable.Range(128, 128)], passing);
        Assert.Equal([9, .. Enumerable.Range(32, 95)], writable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a\r\nb")]
    [InlineData("gr\u00fcn")]
    public void A_name_is_a_token(string name) => Assert.False(PassingHeaders.IsWellFormed(name, "x"));
}
