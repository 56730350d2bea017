namespace Sealpost.IntegrationTests.Mtls;

public sealed class ForwardThrottleTests
{
    [Fact]
    public async Task An_account_beyond_its_rate_waits_and_no_other_does()
    {
        await using var calls = await ForwardCalls.StartAsync(("SEALPOST_Mtls__Throttle__PermitsPerSecond", "1"), ("SEALPOST_Mtls__Throttle__Burst", "3"));
        var url = calls.Endpoint.OriginalString;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await calls.PostAsync(url)).Status);
        }

        var over = await calls.PostAsync(url);
        var other = await calls.PostAsync(url, "b");

        Assert.Equal((429, "throttled", "1"), (over.Status, over.Code, over.Header("Retry-After")));
        Assert.Equal(200, other.Status);
        Assert.Equal(4, calls.Service.Receiver.Requests.Count);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await calls.PostAsync(url)).Status);
    }

    [Fact]
    public async Task The_platforms_own_key_is_not_throttled()
    {
        await using var calls = await ForwardCalls.StartAsync(("SEALPOST_Mtls__Throttle__PermitsPerSecond", "1"), ("SEALPOST_Mtls__Throttle__Burst", "1"));
        var platform = await calls.PlatformKeyAsync();

        for (var i = 0; i < 5; i++)
        {
            using var request = calls.Forward("POST", calls.Endpoint.OriginalString, key: platform);
            Assert.Equal(200, (await calls.SendAsync(request)).Status);
        }
    }
}
