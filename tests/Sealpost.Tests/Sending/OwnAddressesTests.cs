using System.Net;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public sealed class OwnAddressesTests
{
    private static readonly IPAddress[] OfThisMachine = [IPAddress.Parse("10.1.2.3"), IPAddress.Parse("fe80::1")];

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", 80, true)]
    [InlineData("127.0.0.1", "127.0.0.1", 81, false)]
    [InlineData("127.0.0.1", "127.0.0.2", 80, false)]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1", 80, true)]
    [InlineData("127.0.0.1", "0.0.0.0", 80, true)]
    [InlineData("127.0.0.1", "10.1.2.3", 80, false)]
    [InlineData("0.0.0.0", "127.9.9.9", 80, true)]
    [InlineData("0.0.0.0", "10.1.2.3", 80, true)]
    [InlineData("0.0.0.0", "10.1.2.4", 80, false)]
    [InlineData("::", "10.1.2.3", 80, true)]
    [InlineData("::", "::1", 80, true)]
    [InlineData("::", "fe80::1%3", 80, true)]
    [InlineData("::", "8.8.8.8", 80, false)]
    public void A_target_is_this_process_or_not(string listening, string target, int port, bool isOwn)
    {
        var own = new OwnAddresses();
        Assert.False(own.Include(IPAddress.Parse(target), port));
        own.Set([new IPEndPoint(IPAddress.Parse(listening), 80)], OfThisMachine);

        Assert.Equal(isOwn, own.Include(IPAddress.Parse(target), port));
    }
}
