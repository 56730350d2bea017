using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class EventTypeNumbersTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly EventTypeNumbers _numbers;

    public EventTypeNumbersTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _numbers = new EventTypeNumbers(_database);
    }

    [Fact]
    public void A_key_keeps_its_number_also_for_those_who_start_later()
    {
        var number = Number("x");
        Assert.Equal(number, Number("x"));
        Assert.NotEqual(number, Number("y"));
        var later = new EventTypeNumbers(_database);
        Assert.Equal("x", later.NameOf(number));
        Assert.Equal(number, later.NumberOf("x"));
    }

    [Fact]
    public void A_number_given_in_a_transaction_that_was_rolled_back_is_forgotten()
    {
        var known = Number("known");
        var lost = 0;
        Assert.Throws<InvalidOperationException>(() => _database.Write(connection =>
        {
            lost = _numbers.NumberOf(connection, "lost");
            throw new InvalidOperationException();
        }));
        Assert.Equal(lost, Number("other"));
        Assert.Equal("other", _numbers.NameOf(lost));
        Assert.Equal("known", _numbers.NameOf(known));
        Assert.NotEqual(lost, Number("lost"));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private int Number(string name) => _database.Write(connection => _numbers.NumberOf(connection, name));
}
