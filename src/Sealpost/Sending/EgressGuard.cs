using System.Net;
using System.Net.Sockets;

namespace Sealpost.Sending;

/// <summary>What the egress guard says of a target.</summary>
internal enum EgressVerdict
{
    Allowed,

    /// <summary>The address is not a public one and no allowed network holds it.</summary>
    AddressDenied,

    /// <summary>The port is in no allowed range.</summary>
    PortDenied,

    /// <summary>The name can only mean a machine that is not public.</summary>
    NameDenied,
}

/// <summary>
/// Judges what endpoints may be reached: nothing but public addresses, and the networks that the operator allows. Pure;
/// whoever connects asks for each address that the name resolved to, and connects to exactly what was judged.
/// </summary>
/// <param name="options">The allowed networks and ports.</param>
/// <param name="own">Where this process listens, refused whatever the options say; nowhere by default.</param>
internal sealed class EgressGuard(EgressOptions options, OwnAddresses? own = null)
{
    private static readonly string[] PrivateSuffixes = [".localhost", ".local", ".internal"];

    /// <summary>Judges one resolved address. The answer of a name is allowed only if all its addresses are.</summary>
    public EgressVerdict Judge(IPAddress address, int port)
    {
        if (port is < IPEndPoint.MinPort + 1 or > IPEndPoint.MaxPort || !options.AllowedPorts.Any(range => range.Contains(port)))
        {
            return EgressVerdict.PortDenied;
        }

        return own?.Include(address, port) != true && Allows(address) ? EgressVerdict.Allowed : EgressVerdict.AddressDenied;
    }

    /// <summary>
    /// Refuses early what no public name looks like. Advisory: the address decides, so where the operator allows networks
    /// of their own, their names may look as they like.
    /// </summary>
    public EgressVerdict JudgeName(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        if (name.Equals("metadata.google.internal", StringComparison.OrdinalIgnoreCase))
        {
            return EgressVerdict.NameDenied;
        }

        var looksPrivate = !name.Contains('.', StringComparison.Ordinal)
            || PrivateSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        return looksPrivate && options.AllowedNetworks.Count == 0 ? EgressVerdict.NameDenied : EgressVerdict.Allowed;
    }

    private bool Allows(IPAddress address)
    {
        // A scope id names an interface of this machine: never the public network.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            return false;
        }

        if (DenyTable.IsNeverAllowed(address))
        {
            return false;
        }

        // The socket would reach the IPv4 address, so that is the one to judge; no honest name answers in this form, so
        // that a public address in it stays denied.
        if (address.IsIPv4MappedToIPv6)
        {
            var mapped = address.MapToIPv4();
            return !DenyTable.IsNeverAllowed(mapped) && IsAllowedByOperator(mapped);
        }

        // A gateway would send these on to the IPv4 address inside, so both must be allowed.
        if (EmbeddedIPv4.In(address) is { } inner)
        {
            return IsAllowedByOperator(address) && Allows(inner);
        }

        return IsAllowedByOperator(address) || DenyTable.IsPublic(address);
    }

    private bool IsAllowedByOperator(IPAddress address) => options.AllowedNetworks.Any(network => network.Contains(address));
}
