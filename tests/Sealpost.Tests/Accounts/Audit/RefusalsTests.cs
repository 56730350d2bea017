using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts.Audit;

namespace Sealpost.Tests.Accounts.Audit;

public sealed class RefusalsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
    private readonly Refusals _refusals;

    public RefusalsTests() => _refusals = new Refusals(_clock);

    [Fact]
    public void Equal_ones_of_a_minute_are_one_with_a_count()
    {
        _refusals.Note(Refused("192.0.2.1"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        _refusals.Note(Refused("192.0.2.1"));
        _refusals.Note(Refused("192.0.2.1", action: "tokens.create"));
        _refusals.Note(Refused("192.0.2.2"));

        Assert.Equal([2, 1, 1], _refusals.Unwritten(all: true).Select(refusal => refusal.Times));
        Assert.Equal(_clock.GetUtcNow(), _refusals.Unwritten(all: true)[0].Entry.LastAt);
    }

    [Fact]
    public void The_next_minute_begins_anew_and_loses_nothing_of_the_last()
    {
        _refusals.Note(Refused("192.0.2.1"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _refusals.Note(Refused("192.0.2.1"));

        Assert.Equal([1, 1], _refusals.Unwritten(all: false).Select(refusal => refusal.Times));
    }

    [Fact]
    public void A_count_that_is_raised_is_written_when_the_minute_is_over_or_somebody_looks()
    {
        _refusals.Note(Refused("192.0.2.1"));
        _refusals.Written(_refusals.Unwritten(all: false).Single(), id: 7, times: 1);
        _refusals.Note(Refused("192.0.2.1"));

        Assert.Empty(_refusals.Unwritten(all: false));
        Assert.Equal(7, _refusals.Unwritten(all: true).Single().Entry.Id);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((7, 2), (_refusals.Unwritten(all: false).Single().Entry.Id, _refusals.Unwritten(all: false).Single().Entry.Times));
        _refusals.Written(_refusals.Unwritten(all: false).Single(), id: 7, times: 2);
        Assert.Empty(_refusals.Unwritten(all: true));
    }

    [Fact]
    public void One_address_has_so_many_entries_a_minute_and_one_for_the_rest()
    {
        for (var i = 0; i < 1000; i++)
        {
            _refusals.Note(Refused("192.0.2.1", account: i));
        }

        var entries = _refusals.Unwritten(all: true).ConvertAll(refusal => refusal.Entry);
        Assert.Equal(Refusals.MaxOfAddress + 1, entries.Count);
        Assert.Equal(("many", 1000 - Refusals.MaxOfAddress, "192.0.2.1"), (entries[^1].Action, entries[^1].Times, entries[^1].RemoteAddress));
        _refusals.Note(Refused("192.0.2.2"));
        Assert.Equal("192.0.2.2", _refusals.Unwritten(all: true)[^1].Entry.RemoteAddress);
    }

    [Fact]
    public void All_addresses_together_have_so_many_and_one_for_the_rest()
    {
        for (var i = 0; i < 1000; i++)
        {
            _refusals.Note(Refused($"10.0.{i / 250}.{i % 250}"));
        }

        var entries = _refusals.Unwritten(all: true).ConvertAll(refusal => refusal.Entry);
        Assert.Equal(Refusals.MaxInAll + 1, entries.Count);
        Assert.Equal(("many", 1000 - Refusals.MaxInAll, null), (entries[^1].Action, entries[^1].Times, entries[^1].RemoteAddress));
    }

    [Fact]
    public void A_network_of_IPv6_is_one_address()
    {
        _refusals.Note(Refused("2001:db8:1:2::1"));
        _refusals.Note(Refused("2001:db8:1:2:ffff::2"));
        _refusals.Note(Refused("2001:db8:1:3::1"));

        Assert.Equal([2, 1], _refusals.Unwritten(all: true).Select(refusal => refusal.Times));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_keep_a_minute_open()
    {
        _refusals.Note(Refused("192.0.2.1"));
        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromDays(1));
        _refusals.Note(Refused("192.0.2.1"));
        Assert.Equal(2, _refusals.Unwritten(all: true).Count);
    }

    private AuditEntry Refused(string address, string action = "tokens.revoke", int account = 1) => new()
    {
        Account = account,
        At = _clock.GetUtcNow(),
        LastAt = _clock.GetUtcNow(),
        Actor = AuditActor.Nobody,
        Action = action,
        Outcome = ActOutcome.Refused,
        Status = 401,
        RemoteAddress = address,
    };
}
