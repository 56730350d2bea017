using System.Text;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Tests.Protocol.Notifications;

public sealed class EnvelopeTests
{
    [Fact]
    public void The_documents_own_example_is_a_content_event_of_its_dialog()
    {
        var (eventType, conversation) = Events.ReadOne(Events.SeedExample);

        Assert.Equal("ms.MessagingEventNotification.ContentEvent", eventType);
        Assert.Equal("123a4567-b89c-12d3-e456-789123456789", conversation);
    }

    [Theory]
    [InlineData("ContentEvent", EventTypes.ContentEvent)]
    [InlineData("RichContentEvent", EventTypes.RichContentEvent)]
    [InlineData("AcceptStatusEvent", EventTypes.AcceptStatusEvent)]
    [InlineData("ChatStateEvent", EventTypes.ChatStateEvent)]
    public void The_key_of_a_known_messaging_event_costs_no_string(string type, string expected)
    {
        var first = Events.ReadOne(Events.Notification(Events.Change("a", type))).EventType;
        var second = Events.ReadOne(Events.Notification(Events.Change("b", type))).EventType;

        Assert.Equal(expected, first);
        Assert.Same(first, second);
    }

    [Fact]
    public void A_messaging_event_of_a_new_kind_has_its_own_key() =>
        Assert.Equal("ms.MessagingEventNotification.FutureEvent", Events.ReadOne(Events.Notification(Events.Change("c", "FutureEvent"))).EventType);

    [Fact]
    public void A_conversation_change_is_of_the_conversation_in_its_result()
    {
        const string Json = """{"type":"cqm.ExConversationChangeNotification","body":{"changes":[{"type":"UPSERT","result":{"convId":"c-1","conversationDetails":{}}}]}}""";

        Assert.Equal(("cqm.ExConversationChangeNotification", "c-1"), Events.ReadOne(Json));
    }

    [Theory]
    [InlineData("""{"conversationId":"c","result":{"convId":"r"},"dialogId":"d","event":{"type":"X"}}""", "c")]
    [InlineData("""{"dialogId":"d","result":{"convId":"r"},"event":{"type":"X"}}""", "r")]
    [InlineData("""{"dialogId":"d","event":{"type":"X"}}""", "d")]
    [InlineData("""{"conversationId":null,"dialogId":"d","event":{"type":"X"}}""", "d")]
    [InlineData("""{"result":{"other":1},"dialogId":"d","event":{"type":"X"}}""", "d")]
    [InlineData("""{"conversation\u0049d":"\u0063\ud83d\ude00","dialogId":"d","event":{"type":"X"}}""", "c\U0001F600")]
    public void A_conversation_id_comes_before_a_results_and_that_before_a_dialog_id(string change, string conversation) =>
        Assert.Equal(conversation, Events.ReadOne(Events.Notification(change)).Conversation);

    [Theory]
    [InlineData("""{"type":"acme.OrderPaid","conversationId":"root","body":{"conversationId":"body"}}""", "body")]
    [InlineData("""{"type":"acme.OrderPaid","conversationId":"root","body":{"order":1}}""", "root")]
    [InlineData("""{"type":"acme.OrderPaid","conversationId":"root"}""", "root")]
    [InlineData("""{"type":"acme.OrderPaid","dialogId":"root","body":[1]}""", "root")]
    [InlineData("""{"type":"acme.OrderPaid","conversationId":"root","body":{"changes":[{"conversationId":"change"}]}}""", "change")]
    public void Another_platforms_event_is_its_own_key_and_says_its_conversation_where_it_can(string json, string conversation) =>
        Assert.Equal(("acme.OrderPaid", conversation), Events.ReadOne(json));

    [Fact]
    public void What_the_envelope_means_does_not_depend_on_the_order_of_its_members()
    {
        const string Json = """{"body":{"changes":[{"conversationId":"c","event":{"message":"m","type":"ContentEvent"}}],"z":{}},"type":"ms.MessagingEventNotification"}""";

        Assert.Equal((EventTypes.ContentEvent, "c"), Events.ReadOne(Json));
    }

    [Fact]
    public void The_publish_calls_own_keys_win_over_the_envelopes()
    {
        Assert.Equal(("t", "123a4567-b89c-12d3-e456-789123456789"), Events.ReadOne(Events.SeedExample, eventType: "t"));
        Assert.Equal((EventTypes.ContentEvent, "c"), Events.ReadOne(Events.SeedExample, conversation: "c"));
        Assert.Equal(("t", "c"), Events.ReadOne(Events.SeedExample, "t", "c"));
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("""{"body":{"changes":[]}}""")]
    [InlineData("1e400")]
    public void With_both_keys_given_any_json_is_an_event(string json) =>
        Assert.Equal(("t", "c"), Events.ReadOne(json, "t", "c"));

    [Theory]
    [InlineData("[1,2]", "envelope_type")]
    [InlineData("{}", "envelope_type")]
    [InlineData("""{"type":7,"conversationId":"c"}""", "envelope_type")]
    [InlineData("""{"type":null,"conversationId":"c"}""", "envelope_type")]
    [InlineData("""{"type":"","conversationId":"c"}""", "envelope_type")]
    [InlineData("""{"type":"a\u0000b","conversationId":"c"}""", "envelope_type")]
    [InlineData("""{"type":"acme.X"}""", "envelope_conversation")]
    [InlineData("""{"type":"acme.X","body":{"changes":{}}}""", "envelope_changes")]
    [InlineData("""{"type":"ms.PublishEvent"}""", "envelope_event_type")]
    [InlineData("""{"type":"ms.PublishEvent","body":{"event":"ContentEvent","dialogId":"d"}}""", "envelope_event_type")]
    [InlineData("""{"type":"ms.PublishEvent","body":{"event":{"type":"ContentEvent"}}}""", "envelope_conversation")]
    [InlineData("""{"type":"ms.MessagingEventNotification"}""", "envelope_changes")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":[]}}""", "envelope_changes")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":{"a":1}}}""", "envelope_changes")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":null}}""", "envelope_changes")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":[{"conversationId":"c"}]}}""", "envelope_event_type")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":[{"conversationId":"c","event":{"type":""}}]}}""", "envelope_event_type")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":[{"conversationId":"c","event":{"type":1}}]}}""", "envelope_event_type")]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":[3]}}""", "envelope_event_type")]
    [InlineData("""{"type":"cqm.ExConversationChangeNotification","body":{"changes":[{"result":{}}]}}""", "envelope_conversation")]
    [InlineData("""{"type":"cqm.ExConversationChangeNotification","body":[]}""", "envelope_changes")]
    [InlineData("""{"type":"acme.X","conversationId":""}""", "envelope_conversation")]
    [InlineData("""{"type":"acme.X","conversationId":5,"dialogId":"d"}""", "envelope_conversation")]
    [InlineData("""{"type":"acme.X","conversationId":"a\nb"}""", "envelope_conversation")]
    [InlineData("""{"type":"acme.X","conversationId":"a\u007fb"}""", "envelope_conversation")]
    [InlineData("""{"type":"acme.X","conversationId":"a\u0085b"}""", "envelope_conversation")]
    public void An_envelope_that_lacks_a_key_is_refused_by_code(string json, string code) =>
        Assert.Equal(code, Events.Refuse(json).Code);

    [Fact]
    public void A_later_change_without_a_conversation_is_named()
    {
        var error = Events.Refuse(Events.Notification(Events.Change("c"), """{"event":{"type":"ContentEvent"}}"""));

        Assert.Equal("envelope_conversation", error.Code);
        Assert.Contains("body.changes[1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_has_256_bytes_of_utf8_at_most()
    {
        string Json(string conversation) => $$"""{"type":"acme.X","conversationId":"{{conversation}}"}""";
        var longest = new string('ü', 128);

        Assert.Equal(longest, Events.ReadOne(Json(longest)).Conversation);
        Assert.Equal("envelope_conversation", Events.Refuse(Json(longest + "a")).Code);
        Assert.Equal("envelope_conversation", Events.Refuse(Json(new string('a', 257))).Code);
        Assert.Equal(new string('a', 256), Events.ReadOne(Json(string.Concat(Enumerable.Repeat("\\u0061", 256)))).Conversation);
    }

    [Theory]
    [InlineData("", "c", "envelope_type")]
    [InlineData("t\n", "c", "envelope_type")]
    [InlineData("t", "", "envelope_conversation")]
    [InlineData("t", "a\u0001", "envelope_conversation")]
    public void The_publish_calls_own_keys_keep_the_same_bounds(string eventType, string conversation, string code) =>
        Assert.Equal(code, Events.Refuse("{}", eventType, conversation).Code);

    // An attribute cannot hold half a character.
    [Fact]
    public void A_given_key_with_a_lone_surrogate_is_refused()
    {
        Assert.Equal("envelope_conversation", Events.Refuse("{}", "t", "a\ud800").Code);
        Assert.Equal("envelope_type", Events.Refuse("{}", "\udc00", "c").Code);
    }

    [Theory]
    [InlineData(""" {"type":"acme.X", "conversationId" : "c","n":[1e400,-0,1152921504606846976,0.10] } """)]
    [InlineData("""{"type":"ms.MessagingEventNotification","body":{"changes":[ {"event":{"type":"A"},"dialogId":"\u0063"} , {"dialogId":"c","event":{"type":"\u0041"}} ]}}""")]
    public void An_event_that_is_not_split_keeps_the_very_slice_it_came_in(string json)
    {
        ReadOnlyMemory<byte> body = Encoding.UTF8.GetBytes(json);
        var parts = new List<NotificationPart>();

        Assert.Null(Envelope.Read(body, null, null, parts));

        Assert.True(body.Equals(Assert.Single(parts).Bytes));
    }

    [Fact]
    public void Parts_are_added_to_those_that_are_there()
    {
        List<NotificationPart> parts = [new("t", "c", default)];

        Assert.Null(Envelope.Read(Encoding.UTF8.GetBytes(Events.SeedExample), null, null, parts));

        Assert.Equal(2, parts.Count);
    }
}
