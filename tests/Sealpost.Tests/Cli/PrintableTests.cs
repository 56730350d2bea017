using System.Text;
using Sealpost.Cli;

namespace Sealpost.Tests.Cli;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain é 漢", "plain é 漢")]
    [InlineData("\u001b[31mred", "·[31mred")]
    [InlineData("two\nlines\ttab", "two·lines·tab")]
    [InlineData("\u009bcsi \u202eright-to-left", "·csi ·right-to-left")]
    public void Nothing_that_steers_a_terminal_gets_through(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    [Fact]
    public void A_long_body_is_cut() => Assert.Equal("ééé…", Printable.Excerpt(Encoding.UTF8.GetBytes(new string('é', 100)), maxChars: 3));
}
