using System.Text.Json;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Tests.Protocol.Notifications;

public sealed class ChangeSplitTests
{
    [Fact]
    public void A_split_keeps_the_envelopes_bytes_and_the_changes_raw_bytes()
    {
        const string Json = """
             { "kind" : "notification", "body":{"x":1e400,"changes": [
               {"conversationId":"a","event":{"type":"ContentEvent"},"n":-0 } ,
               {"conversationId":"b","event":{"type":"ContentEvent"},"s":"\u0041"},
               {"event":{"type":"ContentEvent"},  "dialogId":"a"}
             ] ,"y":[1.50] },"type":"ms.MessagingEventNotification" } 
            """;
        var before = Json[..(Json.IndexOf('[', StringComparison.Ordinal) + 1)];
        var after = Json[Json.IndexOf("] ,", StringComparison.Ordinal)..];

        var parts = Events.Read(Json);

        Assert.Equal(["a", "b"], parts.Select(p => p.Conversation));
        Assert.Equal(
            before + """{"conversationId":"a","event":{"type":"ContentEvent"},"n":-0 },{"event":{"type":"ContentEvent"},  "dialogId":"a"}""" + after,
            Events.TextOf(parts[0]));
        Assert.Equal(before + """{"conversationId":"b","event":{"type":"ContentEvent"},"s":"\u0041"}""" + after, Events.TextOf(parts[1]));
    }

    [Theory]
    [InlineData("aX aX", "aX[0,1]")]
    [InlineData("aX bX", "aX[0] bX[1]")]
    [InlineData("aX bX aX", "aX[0,2] bX[1]")]
    [InlineData("aX aY aX", "aX[0] aY[1] aX[2]")]
    [InlineData("aX bX aY bX aY bY aX", "aX[0] bX[1,3] aY[2,4] bY[5] aX[6]")]
    [InlineData("bY aX bX aX bY", "bY[0] aX[1,3] bX[2] bY[4]")]
    public void A_conversation_has_one_open_part_and_another_type_closes_it(string changes, string expected)
    {
        var json = Events.Notification([.. changes.Split(' ').Select((c, i) => $$$"""{"i":{{{i}}},"conversationId":"{{{c[0]}}}","event":{"type":"{{{c[1]}}}"}}""")]);

        var parts = Events.Read(json).Select(p => $"{p.Conversation}{p.EventType[^1]}[{string.Join(',', Places(p))}]");

        Assert.Equal(expected, string.Join(' ', parts));
    }

    [Fact]
    public void A_given_event_type_leaves_conversations_to_split_by_and_a_given_conversation_leaves_types()
    {
        var json = Events.Notification(Events.Change("a", "X"), Events.Change("b", "Y"), Events.Change("a", "Y"));

        Assert.Equal([("t", "a"), ("t", "b")], Events.Read(json, eventType: "t").Select(p => (p.EventType, p.Conversation)));
        Assert.Equal(
            [("ms.MessagingEventNotification.X", "c"), ("ms.MessagingEventNotification.Y", "c")],
            Events.Read(json, conversation: "c").Select(p => (p.EventType, p.Conversation)));
        Assert.Single(Events.Read(json, "t", "c"));
    }

    [Fact]
    public void Conversation_changes_and_other_platforms_changes_are_split_too()
    {
        const string Changes = """{"body":{"changes":[{"result":{"convId":"a"}},{"result":{"convId":"b"}}]},"type":"TYPE"}""";

        foreach (var type in (string[])["cqm.ExConversationChangeNotification", "acme.Changed"])
            Assert.Equal([(type, "a"), (type, "b")], Events.Read(Changes.Replace("TYPE", type, StringComparison.Ordinal)).Select(p => (p.EventType, p.Conversation)));
    }

    [Fact]
    public void A_brace_or_bracket_inside_a_text_does_not_mislead_the_split()
    {
        var parts = Events.Read(Events.Notification(
            """{"conversationId":"]}","event":{"type":"X","m":"],[{\"changes\":["}}""",
            """{"conversationId":"[{","event":{"type":"X","changes":[[],{}]}}"""));

        Assert.Equal(["]}", "[{"], parts.Select(p => p.Conversation));
        Assert.All(parts, part => Assert.Single(Places(part, "conversationId")));
    }

    private static IEnumerable<string> Places(NotificationPart part, string member = "i")
    {
        using var document = JsonDocument.Parse(part.Bytes);
        return [.. document.RootElement.GetProperty("body").GetProperty("changes").EnumerateArray().Select(c => c.GetProperty(member).ToString())];
    }
}
