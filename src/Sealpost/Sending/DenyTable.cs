using System.Net;
using System.Net.Sockets;

namespace Sealpost.Sending;

/// <summary>
/// The networks that are not public, from IANA's special-purpose registries and the clouds' inside addresses. For IPv6 it
/// is the other way round: only the global unicast block is public, and of it not what has another use.
/// </summary>
internal static class DenyTable
{
    /// <summary>Metadata services, link-local, multicast and reserved: no setting opens these.</summary>
    private static readonly IPNetwork[] Never = Networks(
        "169.254.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "fd00:ec2::254/128",
        "fe80::/10",
        "ff00::/8");

    private static readonly IPNetwork[] NotPublic = Networks(
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10", // Carrier-grade NAT, and a cloud's metadata at 100.100.100.200.
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "168.63.129.16/32", // A public range, but the inside of a cloud answers there.
        "2001::/23", // Teredo, benchmarking, ORCHID.
        "2001:db8::/32",
        "2002::/16", // 6to4.
        "2620:4f:8000::/48",
        "3fff::/20");

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool IsNeverAllowed(IPAddress address) => Holds(Never, address);

    public static bool IsPublic(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
        && !Holds(NotPublic, address) && !Holds(Never, address);

    private static bool Holds(IPNetwork[] networks, IPAddress address) =>
        Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}
