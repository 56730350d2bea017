using System.Net;
using Sealpost.Accounts.Failures;

namespace Sealpost.Tests.Accounts.Failures;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", true)]
    [InlineData("203.0.113.1", "203.0.113.2", false)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("::1", "0.0.0.0", false)]
    public void An_IPv6_address_is_its_64_and_a_mapped_one_is_IPv4(string one, string other, bool same) =>
        Assert.Equal(same, RemoteAddress.Of(IPAddress.Parse(one)) == RemoteAddress.Of(IPAddress.Parse(other)));
}
