using System.Text;
using Sealpost.Testing.Journal;

namespace Sealpost.Tests.Journal;

public sealed class EventBodyTests
{
    [Theory]
    [InlineData(1024)]
    [InlineData(10)]
    public void A_body_tells_its_mark_and_is_padded_to_the_size_asked_for(int size)
    {
        var body = EventBody.Write(new EventMark("c-12", 345), size);
        Assert.Equal(new EventMark("c-12", 345), EventBody.Read(body));
        Assert.True(size < 100 ? body.Length > size : body.Length == size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"conversationId":"c"}""")]
    [InlineData("""{"conversationId":"c","sequence":"1"}""")]
    [InlineData("""{"conversationId":""")]
    public void Anything_else_has_no_mark(string body) => Assert.Null(EventBody.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void One_changed_byte_changes_the_digest() =>
        Assert.NotEqual(EventBody.Digest("a"u8), EventBody.Digest("b"u8));
}
