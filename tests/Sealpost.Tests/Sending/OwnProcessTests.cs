using Sealpost.Sending;
using Sealpost.Testing;

namespace Sealpost.Tests.Sending;

public sealed class OwnProcessTests : IDisposable
{
    private readonly Pki _pki = new();

    [Fact]
    public void It_knows_the_certificate_that_it_presents_now_and_no_other()
    {
        using var first = _pki.Server();
        using var second = _pki.Server();
        var own = new OwnProcess();
        Assert.False(own.IsOwn(first));

        own.Listens("hooks.example", new Uri("https://127.0.0.1:8443"), first);
        Assert.True(own.IsOwn(first));
        Assert.False(own.IsOwn(second));

        own.Presents(second);
        Assert.True(own.IsOwn(second));
        Assert.False(own.IsOwn(first));
        Assert.True(own.IsAt(new Uri("https://hooks.example/x")));
    }

    public void Dispose() => _pki.Dispose();
}
