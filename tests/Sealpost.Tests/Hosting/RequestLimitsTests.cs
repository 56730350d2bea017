using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sealpost.Hosting;
using Sealpost.Hosting.Settings;
using Sealpost.Hosting.Web;

namespace Sealpost.Tests.Hosting;

public sealed class RequestLimitsTests
{
    [Fact]
    public void What_a_stranger_may_cost_is_bounded_in_size_time_and_number()
    {
        var limits = new KestrelServerLimits();

        RequestLimits.Set(limits, new SealpostSettings { Server = new ServerOptions { Connections = 7 } });

        Assert.Equal(7, limits.MaxConcurrentConnections);
        Assert.Equal(TimeSpan.FromSeconds(10), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(75), limits.KeepAliveTimeout);
        Assert.Equal(32 * 1024, limits.MaxRequestHeadersTotalSize);
        Assert.Equal(8 * 1024, limits.MaxRequestLineSize);
        Assert.Equal(240, limits.MinRequestBodyDataRate!.BytesPerSecond);
        Assert.Equal(100, limits.Http2.MaxStreamsPerConnection);
    }

    [Fact]
    public void Ten_thousand_connections_and_a_thousand_of_one_address_are_open_by_default() =>
        Assert.Equal((10_000, 1_000), (new ServerOptions().Connections, new ServerOptions().ConnectionsPerAddress));
}
