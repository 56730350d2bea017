using System.Diagnostics;
using System.Text;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Tests.Protocol.Notifications;

/// <summary>Events of a megabyte that would take minutes, or gigabytes, if anything were quadratic in their size.</summary>
public sealed class HostileEventTests
{
    // A quadratic reader needs minutes for these; ours needs tens of milliseconds.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_hundred_thousand_members_are_read_in_time() =>
        Within(() => Events.Read(Members(100_000, i => $"\"{i:X6}\":1"), "t", "c"));

    [Fact]
    public void Escaped_names_are_read_in_time() =>
        Within(() => Events.Read(Members(70_000, i => $"\"\\u0061{i:X5}\":1"), "t", "c"));

    [Fact]
    public void Long_names_that_differ_at_their_end_are_read_in_time() =>
        Within(() => Events.Read(Members(10_000, i => $"\"{new string('p', 90)}{i:X5}\":1"), "t", "c"));

    [Fact]
    public void Thousands_of_conversations_are_split_in_time()
    {
        var json = Events.Notification([.. Enumerable.Range(0, 15_000).Select(i => Events.Change($"{i}", $"X{i % 7}"))]);

        Within(() => Assert.Equal(15_000, Events.Read(json).Count));
    }

    [Fact]
    public void A_conversation_that_changes_type_at_every_change_is_split_in_time()
    {
        var json = Events.Notification([.. Enumerable.Range(0, 15_000).Select(i => Events.Change("c", $"X{i % 2}"))]);

        Within(() => Assert.Equal(15_000, Events.Read(json).Count));
    }

    [Fact]
    public void A_long_envelope_around_many_conversations_is_refused_instead_of_repeated()
    {
        var changes = string.Join(',', Enumerable.Range(0, 10_000).Select(i => Events.Change($"{i}")));
        var json = $$"""{"type":"ms.MessagingEventNotification","body":{"changes":[{{changes}}]},"padding":"{{new string('x', 500_000)}}"}""";

        Within(() => Assert.Equal("envelope_changes", Events.Refuse(json).Code));
    }

    [Fact]
    public void A_text_of_escapes_is_read_in_time() =>
        Within(() => Events.Read($"[\"{string.Concat(Enumerable.Repeat("\\ud83d\\ude00", 80_000))}\"]", "t", "c"));

    [Fact]
    public void An_event_is_read_without_a_copy_of_it()
    {
        ReadOnlyMemory<byte> body = Encoding.UTF8.GetBytes(Events.Notification(
            $$$"""{"conversationId":"123e4567-e89b-12d3-a456-426655440000","event":{"type":"ContentEvent","message":"{{{new string('m', 4000)}}}"}}"""));
        var parts = new List<NotificationPart>(1);
        Assert.Null(Envelope.Read(body, null, null, parts));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            parts.Clear();
            Envelope.Read(body, null, null, parts);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, body.Length / 2);
    }

    private static string Members(int count, Func<int, string> member) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(member))}}}";

    private static void Within(Action read)
    {
        var start = Stopwatch.GetTimestamp();
        read();
        Assert.True(Stopwatch.GetElapsedTime(start) < Bound);
    }
}
