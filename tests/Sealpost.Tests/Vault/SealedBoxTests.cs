using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

public sealed class SealedBoxTests
{
    private static readonly SealedFor Owner = new(AccountId.Parse("a"), "app-1");
    private static readonly Secret Canary = new("the-client-secret");

    [Fact]
    public void A_sealed_secret_opens_for_its_owner()
    {
        var box = new SealedBox(Key(1), "client_secret");
        Assert.Equal(Canary, box.Open(box.Seal(Canary, Owner), Owner));
    }

    [Fact]
    public void A_sealed_secret_does_not_show_itself_and_is_sealed_anew_each_time()
    {
        var box = new SealedBox(Key(1), "client_secret");
        var first = box.Seal(Canary, Owner);
        Assert.Equal(-1, first.AsSpan().IndexOf("client-secret"u8));
        Assert.NotEqual(first, box.Seal(Canary, Owner));
    }

    [Theory]
    [InlineData("b", "app-1")]
    [InlineData("a", "app-2")]
    [InlineData("a", "app-1/previous")]
    public void A_row_copied_to_another_owner_does_not_open(string account, string record)
    {
        var box = new SealedBox(Key(1), "client_secret");
        var row = box.Seal(Canary, Owner);
        Assert.Throws<VaultException>(() => box.Open(row, new SealedFor(AccountId.Parse(account), record)));
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        var box = new SealedBox(Key(1), "client_secret");
        var row = box.Seal(Canary, Owner);
        for (var i = 0; i < row.Length; i++)
        {
            var changed = row.ToArray();
            changed[i] ^= 1;
            Assert.Throws<VaultException>(() => box.Open(changed, Owner));
        }

        Assert.Throws<VaultException>(() => box.Open(row[..^1], Owner));
        Assert.Throws<VaultException>(() => box.Open([], Owner));
    }

    [Fact]
    public void Another_purpose_does_not_open_it()
    {
        var row = new SealedBox(Key(1), "client_secret").Seal(Canary, Owner);
        Assert.Throws<VaultException>(() => new SealedBox(Key(1), "certificate").Open(row, Owner));
    }

    [Fact]
    public void Another_key_is_named_as_the_cause()
    {
        var row = new SealedBox(Key(1), "client_secret").Seal(Canary, Owner);
        var fault = Assert.Throws<VaultException>(() => new SealedBox(Key(2), "client_secret").Open(row, Owner));
        Assert.Contains("another master key", fault.Message, StringComparison.Ordinal);
    }

    private static MasterKey Key(byte fill) => MasterKey.Open("unused", Text(fill), new MemoryKeyCheck());

    private static Secret Text(byte fill) => new(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()));
}
