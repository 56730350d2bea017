using Sealpost.Mtls.Mappings;

namespace Sealpost.Tests.Mtls.Mappings;

/// <summary>One canonicalisation for mapping, check and forward (security, P6): what it changes, what it keeps, what it refuses.</summary>
public sealed class ForwardUrlTests
{
    [Theory]
    // Kept as written, byte by byte.
    [InlineData("https://bank.example/", "https://bank.example/")]
    [InlineData("https://bank.example/hook", "https://bank.example/hook")]
    [InlineData("https://bank.example/hook/", "https://bank.example/hook/")]
    [InlineData("https://bank.example//hook//", "https://bank.example//hook//")]
    [InlineData("https://bank.example/Hook;v=1;w", "https://bank.example/Hook;v=1;w")]
    [InlineData("https://bank.example/1234%35678", "https://bank.example/1234%35678")]
    [InlineData("https://bank.example/a%2fb%5Cc", "https://bank.example/a%2fb%5Cc")]
    [InlineData("https://bank.example/%E2%82%AC?%E2%82%AC=%31", "https://bank.example/%E2%82%AC?%E2%82%AC=%31")]
    [InlineData("https://bank.example/...", "https://bank.example/...")]
    [InlineData("https://bank.example/a.b/..c/.d", "https://bank.example/a.b/..c/.d")]
    [InlineData("https://bank.example/?", "https://bank.example/?")]
    [InlineData("https://bank.example/?a=1&a=2&b", "https://bank.example/?a=1&a=2&b")]
    [InlineData("https://bank.example/?path=/../x&q=a+b", "https://bank.example/?path=/../x&q=a+b")]
    [InlineData("https://bank.example/?user@host", "https://bank.example/?user@host")]
    [InlineData("https://bank.example/user@host", "https://bank.example/user@host")]
    // Host and scheme in lower case, the default port left out, an empty path written.
    [InlineData("HTTPS://Bank.Example/Hook", "https://bank.example/Hook")]
    [InlineData("https://bank.example:443/hook", "https://bank.example/hook")]
    [InlineData("https://bank.example:8443/hook", "https://bank.example:8443/hook")]
    [InlineData("https://bank.example", "https://bank.example/")]
    [InlineData("https://bank.example?x=1", "https://bank.example/?x=1")]
    [InlineData("https://bank.example:443?x=1", "https://bank.example/?x=1")]
    [InlineData("https://xn--bnk-sna.example/", "https://xn--bnk-sna.example/")]
    [InlineData("https://a_b.bank.example/", "https://a_b.bank.example/")]
    [InlineData("https://bank.example./", "https://bank.example./")]
    [InlineData("https://127.0.0.1:9443/x", "https://127.0.0.1:9443/x")]
    [InlineData("https://[::1]/x", "https://[::1]/x")]
    [InlineData("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x")]
    public void A_url_has_one_spelling_and_is_sent_as_it_is_compared(string written, string canonical)
    {
        Assert.True(ForwardUrl.TryParse(written, out var url, out var fault), fault);
        Assert.Equal(canonical, url.Canonical);
        Assert.Equal(canonical, url.Target.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + url.Target.PathAndQuery);

        // What is canonical stays so, and both spellings are one.
        Assert.True(ForwardUrl.TryParse(canonical, out var again, out _));
        Assert.Equal(url, again);
        Assert.Equal(url.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData("https://bank.example/hook", "https://bank.example/hook/")]
    [InlineData("https://bank.example/hook", "https://bank.example/Hook")]
    [InlineData("https://bank.example/hook", "https://bank.example/hook?")]
    [InlineData("https://bank.example/hook?a=1", "https://bank.example/hook?a=2")]
    [InlineData("https://bank.example/hook?a=1&b=2", "https://bank.example/hook?b=2&a=1")]
    [InlineData("https://bank.example/hook", "https://bank.example:8443/hook")]
    [InlineData("https://bank.example/hook", "https://www.bank.example/hook")]
    [InlineData("https://bank.example/hook", "https://bank.example./hook")]
    [InlineData("https://bank.example/%41", "https://bank.example/A")]
    [InlineData("https://bank.example/%2f", "https://bank.example/%2F")]
    [InlineData("https://bank.example/a", "https://bank.example//a")]
    public void What_differs_in_a_byte_is_another_url(string one, string other)
    {
        Assert.True(ForwardUrl.TryParse(one, out var first, out _));
        Assert.True(ForwardUrl.TryParse(other, out var second, out _));
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("bank.example/hook", "https")]
    [InlineData("http://bank.example/hook", "https")]
    [InlineData("ftp://bank.example/hook", "https")]
    [InlineData(" https://bank.example/hook", "https")]
    [InlineData("//bank.example/hook", "https")]
    [InlineData("/hook", "https")]
    [InlineData("https:bank.example/hook", "https")]
    [InlineData("https://", "host")]
    [InlineData("https:///hook", "host")]
    [InlineData("https://?x", "host")]
    [InlineData("https://:8443/hook", "host")]
    [InlineData("https://[::1/hook", "host")]
    [InlineData("https://[::zz]/hook", "host")]
    [InlineData("https://a..b/hook", "host")]
    [InlineData("https://bank.example:0/hook", "port")]
    [InlineData("https://bank.example:65536/hook", "")]
    [InlineData("https://bank.example:-1/hook", "")]
    [InlineData("https://bank.example:x/hook", "")]
    // Not plain: other spellings of host and port that a resolver would take.
    [InlineData("https://bank.example:/hook", "plainly")]
    [InlineData("https://bank.example:08443/hook", "plainly")]
    [InlineData("https://127.1/hook", "plainly")]
    [InlineData("https://2130706433/hook", "plainly")]
    [InlineData("https://0x7f.0.0.1/hook", "plainly")]
    [InlineData("https://0177.0.0.1/hook", "plainly")]
    [InlineData("https://[0:0:0:0:0:0:0:1]/hook", "plainly")]
    [InlineData("https://[::127.0.0.1]:00443/hook", "plainly")]
    // What servers read in more than one way.
    [InlineData("https://bank.example/a/../b", "segment")]
    [InlineData("https://bank.example/./a", "segment")]
    [InlineData("https://bank.example/a/..", "segment")]
    [InlineData("https://bank.example/..?x", "segment")]
    [InlineData("https://bank.example/a/%2e%2e/b", "segment")]
    [InlineData("https://bank.example/a/%2E./b", "segment")]
    [InlineData("https://bank.example/.%2e", "segment")]
    [InlineData("https://bank.example/%2e", "segment")]
    [InlineData("https://bank.example/a\\b", "characters")]
    [InlineData("https://bank.example\\hook", "characters")]
    [InlineData("https://bank.example/a\tb", "characters")]
    [InlineData("https://bank.example/a b", "characters")]
    [InlineData("https://bank.example/a\r\nX: y", "characters")]
    [InlineData("https://bank.example/a\0", "characters")]
    [InlineData("https://bank.example/hook ", "characters")]
    [InlineData("https://bänk.example/", "characters")]
    [InlineData("https://bank.example/ä", "characters")]
    [InlineData("https://bank。example/", "characters")]
    [InlineData("https://bank.example/<x>", "characters")]
    [InlineData("https://bank.example/\"x\"", "characters")]
    [InlineData("https://bank.example/{id}", "characters")]
    [InlineData("https://bank.example/a|b", "characters")]
    [InlineData("https://bank.example/hook#frag", "fragment")]
    [InlineData("https://bank.example#", "fragment")]
    [InlineData("https://user@bank.example/", "user information")]
    [InlineData("https://user:password@bank.example/", "user information")]
    [InlineData("https://@bank.example/", "user information")]
    [InlineData("https://good.example@bad.example/", "user information")]
    [InlineData("https://bank%2eexample/", "host")]
    [InlineData("https://[fe80::1%25eth0]/", "host")]
    [InlineData("https://bank.example/%", "hexadecimal")]
    [InlineData("https://bank.example/%zz", "hexadecimal")]
    [InlineData("https://bank.example/?q=%4", "hexadecimal")]
    public void What_is_no_plain_https_url_is_refused_with_a_reason(string? written, string reason)
    {
        Assert.False(ForwardUrl.TryParse(written, out var url, out var fault));
        Assert.Null(url);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
        Assert.StartsWith("must ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_url_is_the_longest_endpoint()
    {
        const string Start = "https://bank.example/";
        Assert.True(ForwardUrl.TryParse(Start + new string('a', 2048 - Start.Length), out _, out _));
        Assert.False(ForwardUrl.TryParse(Start + new string('a', 2049 - Start.Length), out _, out var fault));
        Assert.Contains("2048", fault, StringComparison.Ordinal);
    }
}
