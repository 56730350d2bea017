namespace Sealpost.Testing.Simulation;

/// <summary>A bit for each endpoint of a run, so that a set of endpoints is one number.</summary>
internal sealed class EndpointBits
{
    private const int Most = 64;

    private readonly Dictionary<Uri, ulong> _bits = [];
    private readonly List<Uri> _endpoints = [];

    public ulong Of(Uri endpoint)
    {
        if (!_bits.TryGetValue(endpoint, out var bit))
        {
            bit = _endpoints.Count < Most ? 1UL << _endpoints.Count : throw new InvalidOperationException($"more than {Most} endpoints in a run");
            _bits.Add(endpoint, bit);
            _endpoints.Add(endpoint);
        }

        return bit;
    }

    public Uri EndpointOf(ulong bit) => _endpoints[int.CreateChecked(ulong.TrailingZeroCount(bit))];

    public string Describe(ulong endpoints) => string.Join(' ', Each(endpoints).Select(EndpointOf));

    public static IEnumerable<ulong> Each(ulong endpoints)
    {
        for (var left = endpoints; left != 0; left &= left - 1)
        {
            yield return left & (~left + 1);
        }
    }
}
