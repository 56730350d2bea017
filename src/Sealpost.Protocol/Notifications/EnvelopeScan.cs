using System.Text.Json;
using Sealpost.Protocol.Json;

namespace Sealpost.Protocol.Notifications;

/// <summary>
/// One pass over an event that checks its JSON and notes where everything lies that <see cref="Envelope"/> may need. It judges
/// nothing: <c>type</c> may come last, so what the rest means is known only at the end.
/// </summary>
internal ref struct EnvelopeScan(ReadOnlyMemory<byte> body)
{
    private StrictJsonReader _json = new(body);

    /// <summary>The root's <c>type</c>.</summary>
    public JsonText Type;

    /// <summary>The root as a bearer of a conversation, for other platforms' envelopes.</summary>
    public Subject Root;

    /// <summary>The <c>body</c>, where it is an object.</summary>
    public Subject Body;

    /// <summary>The <c>body.changes</c>, null where there is no such member.</summary>
    public ChangeList? Changes;

    /// <exception cref="JsonException">The event is not strict JSON.</exception>
    public void Run()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.StartObject)
            ReadRoot();
        else
            _json.SkipRest();
        _json.Read();
    }

    public void Dispose()
    {
        _json.Dispose();
        Changes?.Dispose();
    }

    private void ReadRoot()
    {
        while (_json.ReadName())
        {
            var name = _json.Name;
            if (name.SequenceEqual("type"u8))
                Type = _json.ReadText();
            else if (name.SequenceEqual("body"u8))
                ReadBody();
            else
                ReadMember(name, ref Root);
        }
    }

    private void ReadBody()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.SkipRest();
            return;
        }
        while (_json.ReadName())
        {
            var name = _json.Name;
            if (name.SequenceEqual("changes"u8))
                ReadChanges();
            else
                ReadMember(name, ref Body);
        }
    }

    private void ReadChanges()
    {
        Changes = new ChangeList();
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _json.SkipRest();
            return;
        }
        Changes.BodyBefore = _json.TokenEnd;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            Changes.Add(ReadChange());
        Changes.BodyAfter = _json.TokenStart;
    }

    private Change ReadChange()
    {
        var start = _json.TokenStart;
        Subject subject = default;
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            while (_json.ReadName())
                ReadMember(_json.Name, ref subject);
        }
        else
        {
            _json.SkipRest();
        }
        return new Change(start, _json.TokenEnd, subject.Conversation, subject.EventType);
    }

    private void ReadMember(scoped ReadOnlySpan<byte> name, ref Subject subject)
    {
        if (name.SequenceEqual("conversationId"u8))
            subject.ConversationId = _json.ReadText();
        else if (name.SequenceEqual("dialogId"u8))
            subject.DialogId = _json.ReadText();
        else if (name.SequenceEqual("result"u8))
            subject.ResultConvId = ReadInner("convId"u8);
        else if (name.SequenceEqual("event"u8))
            subject.EventType = ReadInner("type"u8);
        else
            _json.SkipValue();
    }

    private JsonText ReadInner(scoped ReadOnlySpan<byte> wanted)
    {
        JsonText text = default;
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.SkipRest();
            return text;
        }
        while (_json.ReadName())
        {
            if (_json.Name.SequenceEqual(wanted))
                text = _json.ReadText();
            else
                _json.SkipValue();
        }
        return text;
    }
}
