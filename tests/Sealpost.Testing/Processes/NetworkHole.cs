using System.ComponentModel;
using System.Diagnostics;
using System.Net;

namespace Sealpost.Testing.Processes;

/// <summary>
/// A network whose every address takes each packet and answers none: the other end of a cable into a network namespace of its
/// own, where nothing has an address. Needs root and <c>ip</c>. Gone when disposed.
/// </summary>
public sealed class NetworkHole : IDisposable
{
    private readonly string _space = $"sealpost-{Environment.ProcessId}";
    private readonly string _cable = $"sp{Environment.ProcessId}a";
    private readonly byte[] _network = [10, (byte)(64 + (Environment.ProcessId >> 8 & 127)), (byte)Environment.ProcessId, 0];

    private NetworkHole()
    {
    }

    /// <summary>What <c>Egress:AllowedNetworks</c> has to allow.</summary>
    public IPNetwork Network => new(new IPAddress(_network), 24);

    /// <summary>Null where none can be made; <paramref name="reason"/> says why.</summary>
    public static NetworkHole? TryMake(out string reason)
    {
        var hole = new NetworkHole();
        reason = hole.Make();
        if (reason.Length == 0)
        {
            return hole;
        }

        hole.Dispose();
        return null;
    }

    /// <param name="number">1 to 250.</param>
    public IPAddress Address(int number) => new([_network[0], _network[1], _network[2], (byte)(number + 1)]);

    public void Dispose()
    {
        // The cable first: a namespace goes some time after its deletion, and would keep its end until then.
        Run("link", "del", _cable);
        Run("netns", "del", _space);
    }

    private string Make()
    {
        var far = $"sp{Environment.ProcessId}b";
        string[][] steps =
        [
            ["netns", "add", _space],
            ["link", "add", _cable, "type", "veth", "peer", "name", far, "netns", _space],
            ["addr", "add", $"{new IPAddress([_network[0], _network[1], _network[2], 1])}/24", "dev", _cable],

            // Nobody there would say which address is whose, and the system would give up with an error of its own.
            ["link", "set", _cable, "arp", "off"],
            ["link", "set", _cable, "up"],
            ["-n", _space, "link", "set", far, "up"],
        ];
        foreach (var step in steps)
        {
            if (Run(step) is { Length: > 0 } error)
            {
                return $"ip {string.Join(' ', step)}: {error}";
            }
        }

        return "";
    }

    /// <summary>What went wrong; empty: nothing.</summary>
    private static string Run(params string[] arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var error = ip.StandardError.ReadToEnd().Trim();
            ip.WaitForExit();
            return ip.ExitCode == 0 ? "" : $"{error} ({ip.ExitCode})";
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
