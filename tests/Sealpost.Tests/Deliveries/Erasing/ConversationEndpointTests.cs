using Sealpost.Deliveries.Erasing;

namespace Sealpost.Tests.Deliveries.Erasing;

public sealed class ConversationEndpointTests
{
    [Theory]
    [InlineData("/api/account/a/conversations/talk", "talk")]
    [InlineData("/api/account/a/conversations/talk?x=/conversations/y", "talk")]
    [InlineData("/api/account/a/conversations/a%2Fb%20%25%2F", "a/b %/")]
    [InlineData("/api/account/a/conversations/%252F", "%2F")]
    [InlineData("/api/account/a/conversations/gr%C3%BC%C3%9Fe", "grüße")]
    [InlineData("/api/account/a/conversations/%2Fconversations%2Fx", "/conversations/x")]
    [InlineData("http://host/api/account/a/conversations/talk", "talk")]
    [InlineData("/api/account/a/conversations/", null)]
    [InlineData("/api/account/a/conversations/a/b", null)]
    [InlineData("/api/account/a/conversations/a%0Ab", null)]
    public void A_conversation_is_one_segment_of_the_path_decoded_once(string target, string? expected) =>
        Assert.Equal(expected, ConversationEndpoint.Conversation(target));
}
