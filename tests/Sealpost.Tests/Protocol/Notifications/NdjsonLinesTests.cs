using System.Text;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Tests.Protocol.Notifications;

public sealed class NdjsonLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n\r\n\n", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\n", "1:a")]
    [InlineData("a\nb", "1:a 2:b")]
    [InlineData("a\r\nb\r\n", "1:a 2:b")]
    [InlineData("\na\n\n\r\nb", "2:a 5:b")]
    [InlineData("a\r\r\nb", "1:a\r 2:b")]
    [InlineData("a\rb\nc\r", "1:a\rb 2:c")]
    public void Lines_end_at_a_line_feed_and_empty_ones_are_skipped_but_counted(string body, string expected)
    {
        var lines = new List<string>();
        foreach (var line in new NdjsonLines(Encoding.UTF8.GetBytes(body)))
            lines.Add($"{line.Number}:{Encoding.UTF8.GetString(line.Event.Span)}");

        Assert.Equal(expected, string.Join(' ', lines));
    }

    [Fact]
    public void A_line_is_a_slice_of_the_body()
    {
        ReadOnlyMemory<byte> body = "{}\r\n[]\n"u8.ToArray();
        var lines = new List<NdjsonLine>();
        foreach (var line in new NdjsonLines(body))
            lines.Add(line);

        Assert.True(body[..2].Equals(lines[0].Event));
        Assert.True(body[4..6].Equals(lines[1].Event));
    }

    [Fact]
    public void A_byte_order_mark_is_not_skipped()
    {
        foreach (var line in new NdjsonLines("\uFEFF{}\n"u8.ToArray()))
            Assert.Equal("envelope_json", Envelope.Read(line.Event, "t", "c", [])?.Code);
    }
}
