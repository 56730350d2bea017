using Sealpost.Outboxes;

namespace Sealpost.Tests.Outboxes;

public sealed class WindowTests
{
    [Fact]
    public void One_outbox_alone_gets_half_of_it()
    {
        var window = new Window(1000 * 1024);
        var held = 0L;
        while (window.RoomFor(held) >= 1024)
        {
            window.Take(1024);
            held += 1024;
        }

        Assert.Equal(500 * 1024, held);
    }

    [Fact]
    public void A_newcomer_finds_room_beside_one_that_has_piled_up()
    {
        var window = new Window(1_000_000);
        window.Take(500_000);

        Assert.Equal(500_000, window.RoomFor(0));
    }

    [Fact]
    public void Even_a_full_one_leaves_each_outbox_a_reserve()
    {
        var window = new Window(64 << 20);
        window.Take(70 << 20);

        Assert.Equal(64 << 10, window.RoomFor(0));
        Assert.True(window.RoomFor(100_000) < 0);
    }

    [Fact]
    public void What_is_released_is_free_again()
    {
        var window = new Window(1_000_000);
        window.Take(900_000);
        window.Release(900_000);

        Assert.Equal((0, 1_000_000), (window.Used, window.RoomFor(0)));
    }
}
