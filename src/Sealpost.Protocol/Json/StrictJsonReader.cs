using System.Text.Json;
using System.Text.Unicode;

namespace Sealpost.Protocol.Json;

/// <summary>
/// Reads one JSON text as strictly as protocol 1 asks, at any depth: valid UTF-8 without a byte order mark, no member
/// twice in an object (names compared decoded), no lone surrogate, depth 64 at most, nothing behind the value. Numbers
/// are checked and never parsed. Every fault is a <see cref="JsonException"/>, as the framework's own reader reports it;
/// the two doors of this project turn it into a value. Call <see cref="Dispose"/> when done: it gives pooled memory back.
/// </summary>
internal ref struct StrictJsonReader
{
    /// <summary>Objects and arrays inside one another at most (protocol 1).</summary>
    public const int MaxDepth = 64;

    private Utf8JsonReader _json;
    private MemberNames _names;

    public StrictJsonReader(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            throw new JsonException("The text starts with a byte order mark.");
        if (!Utf8.IsValid(utf8.Span))
            throw new JsonException("The text is not valid UTF-8.");
        _json = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        _names = new MemberNames(utf8);
    }

    public readonly JsonTokenType TokenType => _json.TokenType;

    /// <summary>Where the present token starts; a string's quote included.</summary>
    public readonly int TokenStart => (int)_json.TokenStartIndex;

    /// <summary>The byte behind the present token.</summary>
    public readonly int TokenEnd => (int)_json.BytesConsumed;

    /// <summary>The decoded name of the member that was read last. Holds until the next read of a name.</summary>
    public readonly ReadOnlySpan<byte> Name => _json.ValueIsEscaped ? _names.Last : _json.ValueSpan;

    /// <summary>Checks a whole text.</summary>
    /// <exception cref="JsonException">The text is not strict JSON.</exception>
    public static void Check(ReadOnlyMemory<byte> utf8)
    {
        var json = new StrictJsonReader(utf8);
        try
        {
            while (json.Read())
            {
            }
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>Reads the next token; false once the text ended as it should.</summary>
    public bool Read()
    {
        if (!_json.Read())
            return false;
        switch (_json.TokenType)
        {
            case JsonTokenType.PropertyName:
                _names.Add(ref _json);
                break;
            case JsonTokenType.StartObject:
                _names.Open();
                break;
            case JsonTokenType.EndObject:
                _names.Close(_json.BytesConsumed);
                break;
            case JsonTokenType.String when _json.ValueIsEscaped:
                Surrogates.RefuseLone(ref _json);
                break;
        }
        return true;
    }

    /// <summary>Inside an object: true at a member's name, false at the object's end.</summary>
    public bool ReadName() => Read() && _json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps over the next value, whatever it is.</summary>
    public void SkipValue()
    {
        Read();
        SkipRest();
    }

    /// <summary>From the first token of a value to its last.</summary>
    public void SkipRest()
    {
        if (_json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var depth = _json.CurrentDepth;
        do
            Read();
        while (_json.CurrentDepth > depth);
    }

    /// <summary>Steps over the next value and says where its text lies, if it is one. A null counts as a missing member.</summary>
    public JsonText ReadText()
    {
        Read();
        switch (_json.TokenType)
        {
            case JsonTokenType.String:
                var kind = _json.ValueIsEscaped ? JsonTextKind.Escaped : JsonTextKind.Plain;
                return new JsonText(TokenStart + 1, _json.ValueSpan.Length, kind);
            case JsonTokenType.Null:
                return default;
            default:
                SkipRest();
                return new JsonText(0, 0, JsonTextKind.NotText);
        }
    }

    public void Dispose() => _names.Dispose();
}
