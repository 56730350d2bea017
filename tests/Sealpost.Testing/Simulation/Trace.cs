using System.Globalization;
using System.Text;

namespace Sealpost.Testing.Simulation;

/// <summary>The last things that happened in a run, written out only when it fails.</summary>
internal sealed class Trace(VirtualClock clock)
{
    private const int Length = 400;

    private readonly Queue<Entry> _entries = new();

    public void Add(string what, long install = 0, long lane = 0, long sequence = 0, object? detail = null)
    {
        if (_entries.Count == Length)
        {
            _entries.Dequeue();
        }

        _entries.Enqueue(new Entry(clock.Elapsed, what, install, lane, sequence, detail));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (at, what, install, lane, sequence, detail) in _entries)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{at:d\\.hh\\:mm\\:ss\\.fff} {what} install {install} lane {lane & 0xffff:x4} #{sequence} {detail}");
        }

        return text.ToString();
    }

    private readonly record struct Entry(TimeSpan At, string What, long Install, long Lane, long Sequence, object? Detail);
}
