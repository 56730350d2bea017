using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sealpost.Sending;

/// <summary>Where this process listens; a forward to there would come round again. Empty until the ports are open. Thread safe.</summary>
internal sealed class OwnAddresses
{
    private volatile IPEndPoint[] _listening = [];
    private volatile IPAddress[] _ofThisMachine = [];

    /// <summary>The addresses of this machine's interfaces as they are now.</summary>
    public static IPAddress[] OfThisMachine() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(address => Plain(address.Address))];

    /// <summary>The ports are open.</summary>
    /// <param name="listening">Addresses and ports, <c>0.0.0.0</c> and <c>::</c> for all of the machine's.</param>
    /// <param name="ofThisMachine">The machine's own addresses.</param>
    public void Set(IEnumerable<IPEndPoint> listening, IEnumerable<IPAddress> ofThisMachine)
    {
        _ofThisMachine = [.. ofThisMachine.Select(Plain)];
        _listening = [.. listening];
    }

    /// <summary>Whether a connection to there would reach this process.</summary>
    public bool Include(IPAddress address, int port)
    {
        var target = Plain(address);
        return Array.Exists(_listening, own => own.Port == port && (Plain(own.Address).Equals(target) || (IsAny(own.Address) && IsOfThisMachine(target))));
    }

    private bool IsOfThisMachine(IPAddress address) => IPAddress.IsLoopback(address) || _ofThisMachine.Contains(address);

    // A connection to 0.0.0.0 goes to the loopback.
    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? Plain(address.MapToIPv4())
        : address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes())
        : address;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
