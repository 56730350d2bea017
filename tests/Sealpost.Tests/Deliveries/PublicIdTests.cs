using FsCheck.Xunit;
using Sealpost.Deliveries;

namespace Sealpost.Tests.Deliveries;

public sealed class PublicIdTests
{
    [Property]
    public void What_is_written_is_read_back(long number)
    {
        var id = new DeliveryId(number & long.MaxValue);

        Assert.True(DeliveryId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    }

    [Property]
    public void Texts_sort_as_their_order_of_acceptance_does(long one, long other)
    {
        var (first, second) = (new NotificationId(one & long.MaxValue), new NotificationId(other & long.MaxValue));

        Assert.Equal(Math.Sign(first.Value.CompareTo(second.Value)), Math.Sign(string.CompareOrdinal(first.ToString(), second.ToString())));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dlv_")]
    [InlineData("ntf_0000000000001")]
    [InlineData("dlv_000000000001")]
    [InlineData("dlv_00000000000001")]
    [InlineData("dlv_000000000000O")]
    [InlineData("dlv_000000000000A")]
    [InlineData("DLV_0000000000001")]
    [InlineData("dlv_8000000000000")]
    [InlineData("dlv_zzzzzzzzzzzzz")]
    public void Anything_else_is_refused(string? text) => Assert.False(DeliveryId.TryParse(text, out _));

    [Fact]
    public void The_largest_id_has_thirteen_digits() => Assert.Equal("dlv_7zzzzzzzzzzzz", new DeliveryId(long.MaxValue).ToString());
}
