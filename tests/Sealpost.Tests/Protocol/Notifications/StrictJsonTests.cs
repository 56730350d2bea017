using System.Text;

namespace Sealpost.Tests.Protocol.Notifications;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("{}\0")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{}//comment")]
    [InlineData("\"a\tb\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\uFEFF{}")]
    public void What_is_not_json_is_refused(string json) => Refused(json);

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"\u0061":1,"a":2}""")]
    [InlineData("""{"\u0061":1,"\u0061":2}""")]
    [InlineData("""{"":1,"":2}""")]
    [InlineData("""{"\/":1,"/":2}""")]
    [InlineData("""{"\ud83d\ude00":1,"😀":2}""")]
    [InlineData("""{"x":[{"y":{"a":1,"b":2,"a":3}}]}""")]
    [InlineData("""{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}],"a":2}""")]
    public void A_member_given_twice_is_refused_at_any_depth_and_however_it_is_escaped(string json) => Refused(json);

    [Theory]
    [InlineData("""{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}""")]
    [InlineData("""{"a":1,"A":2,"aa":3,"":4}""")]
    [InlineData("""{"\\u0061":1,"a":2}""")]
    [InlineData("""{"a\u0000":1,"a":2}""")]
    public void The_same_name_in_different_objects_and_different_names_in_one_are_fine(string json) => Accepted(json);

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(200)]
    public void A_member_given_twice_is_found_in_a_large_object_wherever_it_stands(int members)
    {
        for (var repeated = 0; repeated < members; repeated++)
        {
            var names = Enumerable.Range(0, members).Select(i => $"\"m{i}\":{{\"m{i}\":0}}").ToList();
            Accepted($"{{{string.Join(',', names)}}}");
            Refused($"{{{string.Join(',', names)},\"m{repeated}\":0}}");
            Refused($"{{{string.Join(',', names)},\"\\u006d{repeated}\":0}}");
        }
    }

    [Fact]
    public void A_large_object_inside_a_large_object_does_not_hide_a_member_given_twice()
    {
        var large = string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"m{i}\":{i}"));

        Accepted($"{{{large},\"inner\":{{{large}}},\"last\":0}}");
        Refused($"{{{large},\"inner\":{{{large}}},\"m29\":0}}");
        Refused($"{{{large},\"inner\":{{{large},\"m20\":0}},\"last\":0}}");
    }

    [Theory]
    [InlineData("""["\ud800"]""")]
    [InlineData("""["\udc00"]""")]
    [InlineData("""["\uD83D\uD83D\uDE00"]""")]
    [InlineData("""["\ud83dx\ude00"]""")]
    [InlineData("""["\ud83d\n"]""")]
    [InlineData("""["\ud83d\u0061"]""")]
    [InlineData("""["\ud83d\ud83d"]""")]
    [InlineData("""["\ude00\ud83d"]""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":{"b":["\\\ud800"]}}""")]
    public void A_lone_surrogate_is_refused_in_values_and_names(string json) => Refused(json);

    [Theory]
    [InlineData("""["\ud83d\ude00","\\ud800","\\\\ud800","\uE000\uD7FF"]""")]
    [InlineData("""{"\ud83d\ude00":"\"\\\/\b\f\n\r\t"}""")]
    public void A_pair_of_surrogates_and_an_escaped_backslash_are_fine(string json) => Accepted(json);

    [Theory]
    [InlineData(new byte[] { 0x22, 0xC3, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xFF, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xED, 0xA0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xC0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xF4, 0x90, 0x80, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x7B, 0x22, 0xC3, 0x22, 0x3A, 0x31, 0x7D })]
    public void Invalid_utf8_is_refused(byte[] json) =>
        Assert.Equal("envelope_json", Events.Refuse(json, "t", "c").Code);

    [Fact]
    public void Depth_64_is_the_deepest()
    {
        Accepted(new string('[', 64) + new string(']', 64));
        Refused(new string('[', 65) + new string(']', 65));
        Refused(new string('[', 100_000));
        Accepted(string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64));
        Refused(string.Concat(Enumerable.Repeat("{\"a\":", 65)) + "1" + new string('}', 65));
    }

    [Fact]
    public void A_refusal_repeats_nothing_of_the_event_but_a_place()
    {
        var error = Events.Refuse("""{"password":1,"password":2}""", "t", "c");

        Assert.DoesNotContain("password", error.Message, StringComparison.Ordinal);
        Assert.Contains("byte 14", error.Message, StringComparison.Ordinal);
    }

    private static void Accepted(string json) => Events.Read(json, "t", "c");

    private static void Refused(string json) => Assert.Equal("envelope_json", Events.Refuse(Encoding.UTF8.GetBytes(json), "t", "c").Code);
}
