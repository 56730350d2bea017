using Sealpost.Outboxes;

namespace Sealpost.Tests.Outboxes;

public sealed class PassedDeliveriesTests
{
    private readonly PassedDeliveries _passed = new();

    [Fact]
    public void The_oldest_come_first_and_stay_until_they_are_taken()
    {
        Add(3, 5, 8);

        Assert.Equal([3, 5], _passed.Next(2));
        _passed.Take(3);
        Assert.Equal([5, 8], _passed.Next(9));
        _passed.Take(5);
        _passed.Take(8);
        Assert.True(_passed.IsEmpty);
    }

    [Fact]
    public void One_that_the_cursor_passes_again_is_not_there_twice_not_even_when_it_was_taken()
    {
        Add(3, 5);
        _passed.Take(3);
        Add(3, 5, 5, 8);

        Assert.Equal([5, 8], _passed.Next(9));
    }

    [Fact]
    public void One_that_is_not_the_oldest_is_not_taken()
    {
        Add(3, 5);
        _passed.Take(5);

        Assert.Equal([3, 5], _passed.Next(9));
    }

    [Fact]
    public void When_the_cursor_starts_over_it_passes_them_again()
    {
        Add(3, 5);
        _passed.Clear();
        Assert.True(_passed.IsEmpty);
        Add(3);

        Assert.Equal([3], _passed.Next(9));
    }

    private void Add(params long[] ids) => Array.ForEach(ids, _passed.Add);
}
