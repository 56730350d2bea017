using System.IO.Hashing;
using System.Text;

namespace Sealpost.Outboxes;

/// <summary>
/// A conversation as 64 bits: what lanes, backlogs and indexes are keyed by, so that a million conversations stay small.
/// </summary>
/// <remarks>
/// Two conversations of one install that meet in one key share a lane: both stay in order, one may wait for the other. With a
/// million conversations the chance that any two meet is below one in ten million.
/// </remarks>
internal static class ConversationKey
{
    /// <param name="seed">Random for each store, so that nobody outside can choose keys that collide.</param>
    /// <param name="conversation">1 to 256 bytes of UTF-8 (protocol 1).</param>
    public static long Of(long seed, string conversation)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(256)];
        var length = Encoding.UTF8.GetBytes(conversation, utf8);
        return (long)XxHash3.HashToUInt64(utf8[..length], seed);
    }
}
