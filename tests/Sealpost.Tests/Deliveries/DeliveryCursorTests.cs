using Sealpost.Deliveries;

namespace Sealpost.Tests.Deliveries;

public sealed class DeliveryCursorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_862_000_000_000L << 20)]
    [InlineData(long.MaxValue)]
    public void A_cursor_leads_back_to_its_delivery(long id)
    {
        Assert.True(DeliveryCursor.TryParse(DeliveryCursor.Text(new ListPosition(new DeliveryId(id)) { Heads = [7, long.MaxValue, id] }), out var position));
        Assert.Equal(id, position.Last.Value);
        Assert.Equal([7, long.MaxValue, id], position.Heads);
    }

    [Fact]
    public void A_cursor_of_very_many_ids_is_none() => Assert.False(DeliveryCursor.TryParse("cur_" + new string('0', 13 * (DeliveryCursor.MostIds + 1)), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cur_")]
    [InlineData("cur_000000000000")]
    [InlineData("cur_00000000000007")]
    [InlineData("cur_00000000000070000")]
    [InlineData("cur_000000000000U")]
    [InlineData("cur_zzzzzzzzzzzzz")]
    [InlineData("ntf_0000000000007")]
    public void Anything_else_is_no_cursor(string? text) => Assert.False(DeliveryCursor.TryParse(text, out _));
}
