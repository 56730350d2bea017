using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Deliveries.Live;
using Sealpost.Retry;

namespace Sealpost.Tests.Deliveries.Live;

public sealed class LiveEventsTests : IDisposable
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
    public void A_reader_that_comes_back_gets_what_it_missed()
    {
        var first = _live.Open(A, after: null)!;
        _live.Publish(Completions.Delivered(1, delivery: 1));
        var last = Read(first).Single().Id;
        _live.Close(first);
        _clock.Advance(LiveEvents.Linger - TimeSpan.FromSeconds(1));
        _live.Publish(Completions.Delivered(1, delivery: 2));
        Assert.Equal([2], Read(_live.Open(A, last)!).Select(live => ((AttemptEvent)live).Delivery.Value));
    }

    [Fact]
    public void Nothing_is_gathered_once_nobody_has_followed_for_a_while()
    {
        _live.Close(_live.Open(A, after: null)!);
        _live.Publish(Completions.Delivered(1, delivery: 1));
        _clock.Advance(LiveEvents.Linger);
        _live.Publish(Completions.Delivered(1, delivery: 2));
        Assert.Empty(Read(_live.Open(A, after: 0)!));
    }

    [Fact]
    public void A_reader_that_stays_keeps_the_events_coming_when_another_leaves()
    {
        var stays = _live.Open(A, after: null)!;
        _live.Close(_live.Open(A, after: null)!);
        _clock.Advance(LiveEvents.Linger * 2);
        _live.Publish(Completions.Delivered(1));
        Assert.Single(Read(stays));
    }

    [Fact]
    public void Only_the_last_thousand_are_kept()
    {
        using var reader = _live.Open(B, after: null)!;
        for (var i = 1; i <= LiveEvents.Kept + 5; i++)
        {
            _live.Publish(Completions.Delivered(1, delivery: i));
        }

        var kept = Read(_live.Open(A, after: 0)!);
        Assert.Equal(LiveEvents.Kept, kept.Count);
        Assert.Equal(6, ((AttemptEvent)kept[0]).Delivery.Value);
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
            {"at":"2026-11-24T08:00:00.000Z","delivery":"dlv_0000000000001","client_id":"00000001-0000-0000-0000-000000000000","conversation":"c","eventType":"x","sequence":3,"attempt":2,"outcome":"status","status":503,"error":"no","durationMs":7,"decision":"retry_in_lane","nextAttemptAt":"2026-11-24T08:00:04.000Z"}
            """,
            events[0]);
        Assert.EndsWith(""" "decision":"dead","reason":"expired"} """.Trim(), events[1], StringComparison.Ordinal);
    }

    public void Dispose() => _live.Dispose();

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
