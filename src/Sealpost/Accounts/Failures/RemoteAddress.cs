using System.Buffers.Binary;
using System.Net;

namespace Sealpost.Accounts.Failures;

/// <summary>Whose a connection is, as far as addresses tell: an IPv4 address, or the /64 of an IPv6 one, which one customer has whole.</summary>
/// <param name="Bits">The address, or the first half of it.</param>
/// <param name="IsV6">Which of both.</param>
internal readonly record struct RemoteAddress(ulong Bits, bool IsV6)
{
    private const int V6Bytes = 16;

    /// <param name="address">Null, as of a connection without an address: all of those are one.</param>
    public static RemoteAddress Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[V6Bytes];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out var written);
        return written == V6Bytes
            ? new RemoteAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), true)
            : new RemoteAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
    }

    /// <summary>Seeded by the process, so that nobody chooses addresses that meet in one bucket.</summary>
    public override int GetHashCode() => HashCode.Combine(Bits, IsV6);
}
