using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sealpost.Telemetry;

/// <summary>One counter for each kind of an enum, labelled with the kind in snake_case. An increment is one interlocked add.</summary>
/// <typeparam name="TKind">An enum over <see cref="int"/> whose values count up from 0.</typeparam>
internal sealed class KindCounter<TKind>
    where TKind : struct, Enum
{
    private readonly long[] _counts;
    private readonly KeyValuePair<string, object?>[] _labels;

    public KindCounter(Meter meter, string name, string label, string description)
    {
        var kinds = Enum.GetNames<TKind>();
        _counts = new long[kinds.Length];
        _labels = [.. kinds.Select(kind => new KeyValuePair<string, object?>(label, JsonNamingPolicy.SnakeCaseLower.ConvertName(kind)))];
        meter.CreateObservableCounter(name, Read, description: description);
    }

    public void Increment(TKind kind) => Interlocked.Increment(ref _counts[Unsafe.As<TKind, int>(ref kind)]);

    private IEnumerable<Measurement<long>> Read() => _counts.Select((_, kind) => new Measurement<long>(Volatile.Read(ref _counts[kind]), _labels[kind]));
}
