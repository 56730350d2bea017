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
        Assert.True(DeliveryCursor.TryParse(DeliveryCursor.Text(new DeliveryId(id)), out var last));
        Assert.Equal(id, last.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cur_")]
    [InlineData("cur_000000000000")]
    [InlineData("cur_00000000000007")]
    [InlineData("cur_000000000000U")]
    [InlineData("cur_zzzzzzzzzzzzz")]
    [InlineData("ntf_0000000000007")]
    public void Anything_else_is_no_cursor(string? text) => Assert.False(DeliveryCursor.TryParse(text, out _));
}
