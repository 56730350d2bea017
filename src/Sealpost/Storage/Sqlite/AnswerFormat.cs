using System.Buffers.Binary;
using Sealpost.Deliveries;
using Sealpost.Mailrooms;

namespace Sealpost.Storage.Sqlite;

/// <summary>The answer under an idempotency key as bytes: lines, deliveries, then one id of eight bytes for each line.</summary>
internal static class AnswerFormat
{
    private const int HeaderBytes = 2 * sizeof(int);

    public static byte[] Write(Acceptance acceptance)
    {
        var bytes = new byte[HeaderBytes + (acceptance.Ids.Count * sizeof(long))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, acceptance.Lines);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int)), acceptance.Deliveries);
        for (var i = 0; i < acceptance.Ids.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeaderBytes + (i * sizeof(long))), acceptance.Ids[i].Value);
        }

        return bytes;
    }

    public static Acceptance Read(ReadOnlySpan<byte> bytes)
    {
        var ids = new NotificationId[(bytes.Length - HeaderBytes) / sizeof(long)];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = new NotificationId(BinaryPrimitives.ReadInt64LittleEndian(bytes[(HeaderBytes + (i * sizeof(long)))..]));
        }

        return new Acceptance(
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]), ids);
    }
}
