using System.Globalization;
using System.Net;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>
/// How long connections to given addresses live, by the system's own table (proc_net_tcp(5)) and not by what the service says
/// of itself: from the first look that shows one, opening or open, to the last.
/// </summary>
internal sealed class ConnectionWatch(IEnumerable<IPEndPoint> watched)
{
    private const string Open = "01", Opening = "02";

    private readonly Dictionary<string, IPEndPoint> _watched = watched.ToDictionary(Text, address => address);
    private readonly Dictionary<IPEndPoint, TimeSpan> _longest = [];
    private Dictionary<string, long> _since = new(StringComparer.Ordinal);

    /// <summary>Zero where none was seen twice.</summary>
    public TimeSpan Longest(IPEndPoint address) => _longest.GetValueOrDefault(address);

    /// <summary>Takes a look at all connections.</summary>
    public void Look(int processId, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        var still = new Dictionary<string, long>(_since.Count, StringComparer.Ordinal);

        // A line reads: number: local remote state …
        foreach (var line in File.ReadLines($"/proc/{processId}/net/tcp").Skip(1))
        {
            var words = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
            if (words[3] is not (Open or Opening) || !_watched.TryGetValue(words[2], out var address))
            {
                continue;
            }

            var key = words[1] + words[2];
            var since = still[key] = _since.GetValueOrDefault(key, now);
            var age = clock.GetElapsedTime(since, now);
            _longest[address] = age > Longest(address) ? age : Longest(address);
        }

        _since = still;
    }

    // The address as one number of this machine's byte order, in hexadecimal.
    private static string Text(IPEndPoint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(address.Address.GetAddressBytes()):X8}:{address.Port:X4}");
}
