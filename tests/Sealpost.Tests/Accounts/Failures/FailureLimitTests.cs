using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts.Failures;

namespace Sealpost.Tests.Accounts.Failures;

public sealed class FailureLimitTests
{
    private static readonly RemoteAddress Bad = new(1, false);
    private static readonly RemoteAddress Good = new(2, false);

    private readonly FakeTimeProvider _time = new();
    private readonly FailureLimit _limit;

    public FailureLimitTests() => _limit = new FailureLimit(10, TimeSpan.FromMinutes(1), 1000, _time);

    [Fact]
    public void After_ten_failures_an_address_waits_six_seconds_for_each_further_try()
    {
        Fail(Bad, 9);
        Assert.Null(_limit.Wait(Bad));
        Fail(Bad, 1);
        Assert.Equal(TimeSpan.FromSeconds(6), _limit.Wait(Bad));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(_limit.Wait(Bad));
        Fail(Bad, 1);
        Assert.Equal(TimeSpan.FromSeconds(6), _limit.Wait(Bad));
    }

    [Fact]
    public void A_minute_without_failures_gives_all_ten_back()
    {
        Fail(Bad, 10);
        _time.Advance(TimeSpan.FromMinutes(1));
        Fail(Bad, 9);
        Assert.Null(_limit.Wait(Bad));
    }

    [Fact]
    public void Another_address_is_not_held_up()
    {
        Fail(Bad, 10);
        Assert.Null(_limit.Wait(Good));
    }

    [Fact]
    public void Failures_that_were_under_way_together_do_not_add_up_beyond_one_wait()
    {
        Fail(Bad, 500);
        Assert.Equal(TimeSpan.FromSeconds(6), _limit.Wait(Bad));
    }

    [Fact]
    public void A_million_addresses_take_bounded_memory_and_one_that_goes_on_failing_stays_known()
    {
        var limit = new FailureLimit(10, TimeSpan.FromMinutes(1), 100_000, _time);
        var most = 0;
        for (var i = 0ul; i < 1_000_000; i++)
        {
            limit.Failed(new RemoteAddress(i + 10, true));
            if (i % 1000 == 0)
            {
                limit.Failed(Bad);
                most = Math.Max(most, limit.Remembered);
            }
        }

        Assert.InRange(most, 50_000, 100_000);
        Assert.NotNull(limit.Wait(Bad));
    }

    [Fact]
    public void Many_threads_count_every_failure_of_every_address()
    {
        Parallel.For(0, 1000, i => _limit.Failed(new RemoteAddress((ulong)(i % 50), true)));

        Assert.Equal(50, _limit.Remembered);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(TimeSpan.FromSeconds(6), _limit.Wait(new RemoteAddress((ulong)i, true))));
    }

    private void Fail(RemoteAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _limit.Failed(address);
        }
    }
}
