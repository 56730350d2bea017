using System.Net;
using System.Net.Sockets;

namespace Sealpost.Sending;

/// <summary>
/// Finds the IPv4 address that an IPv6 address stands for: IPv4-compatible and translated (RFC 4291, RFC 2765), NAT64
/// (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380) and ISATAP (RFC 5214). The mapped form is no business of
/// this: sockets know it.
/// </summary>
internal static class EmbeddedIPv4
{
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>The IPv4 address inside, or null where there is none.</summary>
    public static IPAddress? In(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IsUnspecifiedOrLoopback(address))
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        if (Compatible.Contains(address) || Translated.Contains(address) || Nat64.Contains(address) || IsIsatap(bytes))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        if (LocalNat64.Contains(address))
        {
            // A /48 prefix puts the address around the zero byte at 64 bits (RFC 6052, 2.2).
            return new IPAddress([bytes[6], bytes[7], bytes[9], bytes[10]]);
        }

        if (SixToFour.Contains(address))
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }

        // Teredo writes the client's address with all bits turned.
        return Teredo.Contains(address) ? new IPAddress(Array.ConvertAll(bytes[12..], b => (byte)~b)) : null;
    }

    private static bool IsUnspecifiedOrLoopback(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.IPv6Loopback);

    private static bool IsIsatap(byte[] bytes) => bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}
