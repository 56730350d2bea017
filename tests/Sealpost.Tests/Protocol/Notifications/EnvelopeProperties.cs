using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Tests.Protocol.Notifications;

public sealed class EnvelopeProperties
{
    [Property(MaxTest = 500)]
    public void Arbitrary_bytes_are_answered_and_never_thrown_at(byte[] body, bool given)
    {
        var parts = new List<NotificationPart>();

        var error = Envelope.Read(body, given ? "t" : null, given ? "c" : null, parts);

        Assert.Equal(error is null, parts.Count > 0);
    }

    [Property(MaxTest = 2000)]
    public void A_damaged_envelope_is_answered_and_never_thrown_at(ushort place, byte damage)
    {
        var body = Encoding.UTF8.GetBytes(Events.Notification(Events.Change("a\\u0062"), Events.Change("c", "X")));
        body[place % body.Length] = damage;
        var parts = new List<NotificationPart>();

        var error = Envelope.Read(body, null, null, parts);

        Assert.Equal(error is null, parts.Count > 0);
    }

    /// <summary>The framework's own reader without duplicates is the oracle, where it judges what we judge.</summary>
    [Property(MaxTest = 2000)]
    public void Whatever_we_accept_the_framework_reads_without_duplicates(ushort place, byte damage)
    {
        var body = Encoding.UTF8.GetBytes("""{"a":[1,{"b":"\ud83d\ude00"},"x"],"\u0062":{"a":null,"c":-1.5e3},"d":"\\u00e9 é"}""");
        body[place % body.Length] = damage;

        var accepted = Envelope.Read(body, "t", "c", []) is null;

        Assert.Equal(IsReadByTheFramework(body), accepted);
    }

    [Property]
    public Property Parts_joined_again_hold_every_change_once_and_in_order_within_its_conversation() =>
        Prop.ForAll(Changes().ToArbitrary(), changes =>
        {
            var json = Events.Notification([.. changes.Select((c, i) =>
                $$$"""{"i":{{{i}}},"conversationId":"{{{c.Conversation}}}","event":{"type":"{{{c.Type}}}"}}""")]);

            var seen = Events.Read(json).Select(part => (part, Places: PlacesIn(part))).ToList();

            Assert.Equal(Enumerable.Range(0, changes.Length), seen.SelectMany(s => s.Places).Order());
            Assert.All(seen, s => Assert.All(s.Places, i => Assert.Equal(changes[i], (s.part.Conversation, s.part.EventType[^1]))));
            Assert.All(seen.GroupBy(s => s.part.Conversation), c => Assert.Equal(c.SelectMany(s => s.Places).Order(), c.SelectMany(s => s.Places)));
            Assert.Equal(seen.Select(s => s.Places[0]).Order(), seen.Select(s => s.Places[0]));
        });

    private static Gen<(string Conversation, char Type)[]> Changes()
    {
        var change =
            from conversation in Gen.Elements("a", "b", "c")
            from type in Gen.Elements('X', 'Y')
            select (conversation, type);
        return change.NonEmptyListOf().Select(list => list.ToArray());
    }

    private static int[] PlacesIn(NotificationPart part)
    {
        using var document = JsonDocument.Parse(part.Bytes);
        return [.. document.RootElement.GetProperty("body").GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("i").GetInt32())];
    }

    private static bool IsReadByTheFramework(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            ReadTexts(document.RootElement);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // The framework finds bad UTF-8 and lone surrogates only when a text is asked for.
    private static void ReadTexts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            value.GetString();
        if (value.ValueKind == JsonValueKind.Array)
            value.EnumerateArray().ToList().ForEach(ReadTexts);
        if (value.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in value.EnumerateObject())
        {
            Assert.NotNull(property.Name);
            ReadTexts(property.Value);
        }
    }
}
