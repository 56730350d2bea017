using Sealpost.Testing.Journal;

namespace Sealpost.IntegrationTests.Crash;

/// <summary>Makes the events of all publishers, numbered within each conversation, so that publishers meet in the same lanes. Thread safe.</summary>
internal sealed class CrashEvents(int conversations)
{
    private const int SmallestEvent = 200;
    private const int LargestEvent = 2_000;

    private readonly long[] _numbers = new long[conversations];

    public IReadOnlyList<(PublishedEvent Event, byte[] Body)> Next(Random random, int count)
    {
        var made = new List<(PublishedEvent, byte[])>(count);
        for (var i = 0; i < count; i++)
        {
            var conversation = random.Next(conversations);
            var mark = new EventMark($"c-{conversation}", Interlocked.Increment(ref _numbers[conversation]));
            var body = EventBody.Write(mark, random.Next(SmallestEvent, LargestEvent));
            made.Add((new PublishedEvent(mark, EventBody.Digest(body)), body));
        }

        return made;
    }
}
