using Sealpost.Mailrooms;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Mailrooms;

public sealed class SequenceBookTests
{
    private readonly CountingStore _store = new();

    [Fact]
    public void Each_conversation_of_each_install_counts_from_one()
    {
        var book = new SequenceBook(_store);

        Assert.Equal([1, 2, 1, 1, 3], [book.Next(1, 7), book.Next(1, 7), book.Next(1, 8), book.Next(2, 7), book.Next(1, 7)]);
    }

    [Fact]
    public void A_conversation_goes_on_where_the_store_left_it_and_is_looked_up_once()
    {
        var book = new SequenceBook(_store);
        _store.Last = 41;

        Assert.Equal([42, 43], [book.Next(1, 7), book.Next(1, 7)]);
        Assert.Equal(1, _store.LookUps);
    }

    [Fact]
    public void What_a_failed_commit_counted_is_counted_anew()
    {
        var book = new SequenceBook(_store);
        book.Next(1, 7);
        book.Forget();

        Assert.Equal(1, book.Next(1, 7));
    }

    [Fact]
    public void A_conversation_that_is_used_stays_known_while_a_hundred_thousand_others_pass()
    {
        var book = new SequenceBook(_store);
        for (var other = 0; other < 100_000; other++)
        {
            book.Next(2, other);
            if (other % 10_000 == 0)
            {
                book.Next(1, 7);
            }
        }

        _store.Last = -1000;
        Assert.Equal(11, book.Next(1, 7));
    }

    private sealed class CountingStore : SimulatedStore
    {
        public long Last { get; set; }

        public int LookUps { get; private set; }

        public override long LastSequence(int install, long conversationKey)
        {
            LookUps++;
            return Last;
        }
    }
}
