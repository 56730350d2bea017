using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sealpost.Testing.Journal;

/// <summary>The bytes of a journalled event: one <c>ContentEvent</c> that carries its <see cref="EventMark"/> (protocol 1).</summary>
public static class EventBody
{
    /// <summary>The event type key under which these events are routed.</summary>
    public const string EventType = "ms.MessagingEventNotification.ContentEvent";

    /// <summary>The event's bytes, one line, padded with a message to <paramref name="size"/> bytes where it is shorter.</summary>
    public static byte[] Write(EventMark mark, int size)
    {
        var head = $$$"""{"kind":"notification","type":"ms.MessagingEventNotification","body":{"changes":[{"conversationId":"{{{mark.Conversation}}}","sequence":{{{mark.Number}}},"event":{"type":"ContentEvent","message":" """;
        const string Tail = "\"}}]}}";
        var padding = Math.Max(0, size - Encoding.UTF8.GetByteCount(head) - Tail.Length);
        return Encoding.UTF8.GetBytes(head + new string('x', padding) + Tail);
    }

    /// <summary>Reads the mark back; null when the bytes are not such an event.</summary>
    public static EventMark? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return Scan(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Enough of a hash to tell two bodies apart.</summary>
    public static ulong Digest(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static EventMark? Scan(ReadOnlySpan<byte> body)
    {
        string? conversation = null;
        long? number = null;
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("conversationId"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                conversation = reader.GetString();
            }
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("sequence"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value))
            {
                number = value;
            }
        }

        return conversation is null || number is null ? null : new EventMark(conversation, number.Value);
    }
}
