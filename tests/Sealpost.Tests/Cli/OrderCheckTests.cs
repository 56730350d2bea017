using System.Text;
using Sealpost.Cli.Demo;
using Sealpost.Cli.Receiving;

namespace Sealpost.Tests.Cli;

public sealed class OrderCheckTests
{
    private static readonly Spoken[] Said = [new("a", 1, "one"), new("b", 1, "eins"), new("a", 2, "two")];

    [Fact]
    public void What_was_said_in_its_order_is_right_whatever_comes_between_conversations() =>
        Assert.Empty(OrderCheck.Problems(Said, [Arrive(Said[1]), Arrive(Said[0]), Arrive(Said[2])]));

    [Fact]
    public void Failed_attempts_and_repeats_are_no_harm() =>
        Assert.Empty(OrderCheck.Problems(Said, [Arrive(Said[0], status: 503), Arrive(Said[0]), Arrive(Said[0]), Arrive(Said[1]), Arrive(Said[2])]));

    [Fact]
    public void Overtaking_within_a_conversation_is_found() =>
        Assert.NotEmpty(OrderCheck.Problems(Said, [Arrive(Said[2]), Arrive(Said[0]), Arrive(Said[1])]));

    [Fact]
    public void A_missing_message_is_found() =>
        Assert.NotEmpty(OrderCheck.Problems(Said, [Arrive(Said[0]), Arrive(Said[1])]));

    [Fact]
    public void A_changed_byte_is_found() =>
        Assert.NotEmpty(OrderCheck.Problems(Said, [Arrive(Said[0]), Arrive(Said[1]), Arrive(Said[2], body: Said[2].Json + " ")]));

    [Fact]
    public void A_gap_in_the_sequence_header_is_found() =>
        Assert.NotEmpty(OrderCheck.Problems(Said, [Arrive(Said[0]), Arrive(Said[1]), Arrive(Said[2], sequence: "3")]));

    [Fact]
    public void A_wrong_signature_is_found_on_a_failed_attempt_too() =>
        Assert.NotEmpty(OrderCheck.Problems(Said, [Arrive(Said[0], status: 401, valid: false), Arrive(Said[0]), Arrive(Said[1]), Arrive(Said[2])]));

    private static Arrival Arrive(Spoken spoken, int status = 200, bool valid = true, string? sequence = null, string? body = null) => new(
        new ReceivedNotification
        {
            At = DateTimeOffset.UnixEpoch,
            Body = Encoding.UTF8.GetBytes(body ?? spoken.Json),
            Account = "demo",
            ClientId = "app",
            Signature = "",
            DeliveryId = $"{spoken.Conversation}-{spoken.Number}",
            Attempt = "1",
            Sequence = sequence ?? spoken.Number.ToString(),
        },
        valid,
        status);
}
