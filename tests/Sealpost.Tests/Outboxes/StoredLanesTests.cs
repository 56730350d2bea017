using Sealpost.Outboxes;

namespace Sealpost.Tests.Outboxes;

public sealed class StoredLanesTests
{
    private const long Conversation = 7;
    private readonly StoredLanes _lanes = new();

    [Fact]
    public void Only_what_comes_after_the_deliveries_in_memory_is_stored()
    {
        _lanes.Append(Conversation, 5);
        _lanes.Append(Conversation, 6);

        Assert.False(_lanes.Holds(Conversation, 4));
        Assert.True(_lanes.Holds(Conversation, 5));
        Assert.True(_lanes.Holds(Conversation, 6));
        Assert.False(_lanes.Holds(Conversation + 1, 5));
    }

    [Fact]
    public void What_is_taken_into_memory_is_stored_no_more()
    {
        _lanes.Append(Conversation, 5);
        _lanes.Append(Conversation, 6);
        _lanes.Take(Conversation, 5);

        Assert.False(_lanes.Holds(Conversation, 5));
        Assert.Equal(6, _lanes.FirstOf(Conversation));
        _lanes.Take(Conversation, 6);
        Assert.False(_lanes.Contains(Conversation));
        Assert.Equal(0, _lanes.Total);
    }

    [Fact]
    public void What_leaves_memory_comes_before_what_was_stored()
    {
        _lanes.Append(Conversation, 9);
        _lanes.Return(Conversation, 7, 2);

        Assert.Equal(7, _lanes.FirstOf(Conversation));
        Assert.Equal(3, _lanes.Total);
    }

    [Fact]
    public void One_that_comes_back_to_its_place_moves_the_front_only_when_it_is_the_first()
    {
        _lanes.Append(Conversation, 9);
        _lanes.Insert(Conversation, 4);
        _lanes.Insert(Conversation, 6);

        Assert.Equal(4, _lanes.FirstOf(Conversation));
        Assert.Equal(3, _lanes.Total);
    }

    [Fact]
    public void One_that_dies_in_the_store_is_counted_no_more()
    {
        _lanes.Append(Conversation, 5);
        _lanes.Append(Conversation, 6);
        _lanes.Drop(Conversation);
        Assert.True(_lanes.Contains(Conversation));
        _lanes.Drop(Conversation);

        Assert.False(_lanes.Contains(Conversation));
        Assert.Equal(0, _lanes.Total);
    }
}
