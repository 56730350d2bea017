using System.Text;
using System.Text.Json;

namespace Sealpost.Protocol.Json;

internal enum JsonTextKind
{
    /// <summary>No such member, or a null.</summary>
    Missing,

    /// <summary>A string without escapes: its raw bytes are its UTF-8.</summary>
    Plain,

    /// <summary>A string with escapes.</summary>
    Escaped,

    /// <summary>A value of another kind.</summary>
    NotText,
}

/// <summary>Where a string value lies in a strictly read JSON text, without its quotes; decoded only if somebody asks.</summary>
internal readonly record struct JsonText(int Start, int Length, JsonTextKind Kind)
{
    public bool IsText => Kind is JsonTextKind.Plain or JsonTextKind.Escaped;

    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> json) => json.Slice(Start, Length);

    public bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> json) => Kind == JsonTextKind.Plain
        ? Raw(json).SequenceEqual(text)
        : Kind == JsonTextKind.Escaped && Reader(json).ValueTextEquals(text);

    /// <summary>Whether both mean the same, however they are escaped.</summary>
    public bool SameAs(JsonText other, ReadOnlySpan<byte> json)
    {
        if (Kind == other.Kind && Raw(json).SequenceEqual(other.Raw(json)))
            return true;
        return IsText && other.IsText && (Kind == JsonTextKind.Escaped || other.Kind == JsonTextKind.Escaped)
            && string.Equals(Decode(json), other.Decode(json), StringComparison.Ordinal);
    }

    public string Decode(ReadOnlySpan<byte> json) =>
        Kind == JsonTextKind.Plain ? Encoding.UTF8.GetString(Raw(json)) : Reader(json).GetString() ?? "";

    private Utf8JsonReader Reader(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.Slice(Start - 1, Length + 2));
        reader.Read();
        return reader;
    }
}
