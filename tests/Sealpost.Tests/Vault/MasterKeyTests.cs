using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

public sealed class MasterKeyTests
{
    [Fact]
    public void The_key_that_sealed_a_store_opens_it_again()
    {
        var check = new MemoryKeyCheck();
        var first = MasterKey.Open("unused", Text(1), check);
        Assert.Equal(first.Id, MasterKey.Open("unused", Text(1), check).Id);
    }

    [Fact]
    public void Another_key_refuses_the_start_with_one_line()
    {
        var check = new MemoryKeyCheck();
        MasterKey.Open("unused", Text(1), check);
        var fault = Assert.Throws<VaultException>(() => MasterKey.Open("unused", Text(2), check));
        Assert.Equal("the master key in the environment is not the key that sealed this store: put the right one back", fault.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64, and as long as a key would be if it were")]
    public void A_malformed_key_is_refused_without_showing_it(string text)
    {
        var fault = Assert.Throws<VaultException>(() => MasterKey.Open("unused", new Secret(text), new MemoryKeyCheck()));
        Assert.Equal("the master key in the environment is not 32 bytes in base64", fault.Message);
    }

    [Fact]
    public void Keys_of_two_purposes_differ()
    {
        var key = MasterKey.Open("unused", Text(1), new MemoryKeyCheck());
        Assert.NotEqual(key.Derive("client_secret"), key.Derive("certificate"));
    }

    private static Secret Text(byte fill) => new(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()));
}
