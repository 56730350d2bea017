using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Deliveries.Live;
using Sealpost.Retry;

namespace Sealpost.Tests.Deliveries.Live;

public sealed class LiveEventsTests
{
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");

    private readonly FakeTimeProvider _clock = new(Completions.At);
    private readonly LiveEvents _live;

    public LiveEventsTests() => _live = new LiveEvents(_clock);

    [Fact]
    public void A_reader_sees_the_attempts_of_its_account_from_then_on_in_order()
    {
        _live.Publish(Completions.Delivered(1, delivery: 1));
        var reader = _live.Open(A, after: null)!;
        _live.Publish(Completions.Delivered(1, delivery: 2));
        _live.Publish(Completions.Delivered(1, delivery: 3, account: "b"));
        _live.Publish(Completions.Delivered(1, delivery: 4));
        var events = Read(reader);
        Assert.Equal([2, 4], events.Select(live => ((AttemptEvent)live).Delivery.Value));
        Assert.True(events[0].Id < events[1].Id);
    }

    [Fact]
    public void An_attempt_that_was_not_made_is_no_event()
    {
        var reader = _live.Open(A, after: null)!;
        _live.Publish(Completions.Failed(1, Decision.NotMade));
        Assert.Empty(Read(reader));
    }

    [Fact]
    public void A_reader_that_comes_back_gets_what_it_missed_though_nobody_followed_meanwhile()
    {
        var first = _live.Open(A, after: null)!;
        _live.Publish(Completions.Delivered(1, delivery: 1));
        var last = Read(first).Single().Id;
        _live.Close(first);
        _clock.Advance(TimeSpan.FromHours(1));
        _live.Publish(Completions.Delivered(1, delivery: 2));
        _live.Publish(Completions.Delivered(1, delivery: 3, account: "b"));
        _live.Publish(Completions.Delivered(1, delivery: 4));
        var second = _live.Open(A, last)!;
        _live.Publish(Completions.Delivered(1, delivery: 5));
        Assert.Equal([2, 4], second.Missed.Select(live => ((AttemptEvent)live).Delivery.Value));
        Assert.Equal([5], Read(second).Select(live => ((AttemptEvent)live).Delivery.Value));
    }

    [Fact]
    public void What_is_not_here_any_more_is_a_gap_that_is_told_once()
    {
        var ring = new LiveEvents(_clock, kept: 4);
        var reader = ring.Open(A, after: null)!;
        for (var i = 1; i <= 6; i++)
        {
            ring.Publish(Completions.Delivered(1, delivery: i));
        }

        var ids = Read(reader).ConvertAll(live => live.Id);
        Assert.Equal([3, 4, 5, 6], ring.Open(A, ids[1])!.Missed.Select(live => ((AttemptEvent)live).Delivery.Value));
        var missed = ring.Open(A, ids[0])!.Missed;
        Assert.Equal((GapEvent.TooOld, ids[0], ids[1]), missed[0] is GapEvent gap ? (gap.Reason, gap.After, gap.Id) : default);
        Assert.Equal(5, missed.Count);
        Assert.Equal(4, ring.Open(A, missed[0].Id)!.Missed.Count);
    }

    [Fact]
    public void What_other_accounts_push_out_is_a_gap_only_where_something_of_ones_own_was_lost()
    {
        var ring = new LiveEvents(_clock, kept: 4);
        var reader = ring.Open(A, after: null)!;
        ring.Publish(Completions.Delivered(1, delivery: 1));
        var last = Read(reader).Single().Id;
        for (var i = 0; i < 9; i++)
        {
            ring.Publish(Completions.Delivered(1, account: "b"));
        }

        Assert.Empty(ring.Open(A, last)!.Missed);
        Assert.IsType<GapEvent>(ring.Open(A, last - 1)!.Missed.Single());
    }

    [Fact]
    public void An_id_of_another_process_is_a_gap_and_what_is_here_follows()
    {
        _live.Publish(Completions.Delivered(1, delivery: 1));
        foreach (var foreign in (long[])[0, 1, long.MaxValue])
        {
            var missed = _live.Open(A, foreign)!.Missed;
            Assert.Equal((GapEvent.Restarted, foreign), missed[0] is GapEvent gap ? (gap.Reason, gap.After) : default);
            Assert.Equal(1, ((AttemptEvent)missed[1]).Delivery.Value);
        }
    }

    [Fact]
    public void Many_missed_events_come_whole_and_in_order()
    {
        var reader = _live.Open(A, after: null)!;
        var before = reader.JoinedAt;
        for (var i = 1; i <= 5000; i++)
        {
            _live.Publish(Completions.Delivered(1, delivery: i));
        }

        Assert.Equal(Enumerable.Range(1, 5000).Select(i => (long)i), _live.Open(A, before)!.Missed.Select(live => ((AttemptEvent)live).Delivery.Value));
    }

    [Fact]
    public void A_filter_leaves_out_what_is_about_something_else()
    {
        var app = Completions.Delivered(1).Attempt.Install.ClientId;
        var ofApp = _live.Open(A, after: null, new LiveFilter(app))!;
        var ofOther = _live.Open(A, after: null, new LiveFilter(Guid.NewGuid()))!;
        var ofConversation = _live.Open(A, after: null, new LiveFilter(Conversation: "c"))!;
        var ofSilence = _live.Open(A, after: null, new LiveFilter(Conversation: "silence"))!;
        _live.Publish(Completions.Delivered(1));
        Assert.Equal([1, 0, 1, 0], ((LiveReader[])[ofApp, ofOther, ofConversation, ofSilence]).Select(reader => Read(reader).Count));
        Assert.Equal([1, 0], ((LiveFilter[])[new(app), new(Guid.NewGuid())]).Select(filter => _live.Open(A, ofApp.JoinedAt, filter)!.Missed.Count));
    }

    [Fact]
    public void Nothing_is_allocated_for_attempts_that_nobody_follows()
    {
        var completion = Completions.Delivered(1);
        _live.Publish(completion);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _live.Publish(completion);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_reader_that_does_not_read_is_cut_off_and_hinders_nobody()
    {
        var slow = _live.Open(A, after: null)!;
        var quick = _live.Open(A, after: null)!;
        for (var i = 0; i <= LiveReader.Capacity; i++)
        {
            Assert.False(slow.CutOff.IsCancellationRequested);
            _live.Publish(Completions.Delivered(1));
            Assert.Single(Read(quick));
        }

        Assert.True(slow.CutOff.IsCancellationRequested);
        Assert.False(quick.CutOff.IsCancellationRequested);
    }

    [Fact]
    public void An_account_has_a_limited_number_of_readers()
    {
        for (var i = 0; i < LiveEvents.MaxReaders; i++)
        {
            Assert.NotNull(_live.Open(A, after: null));
        }

        Assert.Null(_live.Open(A, after: null));
        Assert.NotNull(_live.Open(B, after: null));
    }

    [Fact]
    public void An_event_says_what_came_of_the_attempt_and_what_comes_next()
    {
        var reader = _live.Open(A, after: null)!;
        _live.Publish(Completions.Failed(2, Decision.RetryInLane with { DueAt = Completions.At.AddSeconds(4) }));
        _live.Publish(Completions.Failed(3, Decision.Dead(DeadReason.Expired)));
        var events = Read(reader).ConvertAll(Json);
        Assert.Equal(
            """
            {"at":"2026-11-24T08:00:00.000Z","delivery":"dlv_0000000000001","client_id":"00000001-0000-0000-0000-000000000000","conversation":"c","eventType":"x","sequence":3,"attempt":2,"outcome":"status","status":503,"error":"no","route":"direct","durationMs":7,"decision":"retry_in_lane","state":"pending","nextAttemptAt":"2026-11-24T08:00:04.000Z"}
            """,
            events[0]);
        Assert.EndsWith(""" "decision":"dead","state":"dead","reason":"expired"} """.Trim(), events[1], StringComparison.Ordinal);
    }

    private static List<LiveEvent> Read(LiveReader reader)
    {
        var events = new List<LiveEvent>();
        while (reader.Events.TryRead(out var live))
        {
            events.Add(live);
        }

        return events;
    }

    private static string Json(LiveEvent live)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            live.Write(json);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
