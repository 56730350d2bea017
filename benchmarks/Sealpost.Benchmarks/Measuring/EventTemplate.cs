using System.Buffers.Text;
using System.Text;
using Sealpost.Testing.Journal;

namespace Sealpost.Benchmarks.Measuring;

/// <summary>
/// The 1 KB event of all benchmarks: <see cref="EventBody"/>'s, with the conversation and the number at fixed places, so
/// that a prebuilt buffer is patched and an arrival is read without parsing.
/// </summary>
internal static class EventTemplate
{
    public const int Size = 1024;

    private const long FirstNumber = 100_000_000_000; // twelve digits, and no leading zero that JSON would refuse
    private const long FirstConversation = 1_000_000; // seven digits for as many conversations

    private static readonly byte[] Event = EventBody.Write(new EventMark($"{FirstConversation}", FirstNumber), Size);
    private static readonly int ConversationAt = Event.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{FirstConversation}"));
    private static readonly int NumberAt = Event.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{FirstNumber}"));

    public static ReadOnlySpan<byte> Bytes => Event;

    /// <summary>Writes the number, and the conversation that follows from it in turn.</summary>
    public static void Patch(Span<byte> line, long number, int conversations)
    {
        Utf8Formatter.TryFormat(FirstConversation + (number % conversations), line[ConversationAt..], out _);
        Utf8Formatter.TryFormat(FirstNumber + number, line[NumberAt..], out _);
    }

    public static long ReadNumber(ReadOnlySpan<byte> body) =>
        body.Length == Size && Utf8Parser.TryParse(body[NumberAt..], out long number, out _) ? number - FirstNumber : -1;
}
