using Sealpost.Accounts;
using Sealpost.Installs;

namespace Sealpost.Tests.Installs;

public sealed class InstallDirectoryTests
{
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");

    private readonly InstallDirectory _directory = new(
    [
        new StoredInstalls(A, 5, [Installed.App(1, "a", "x", "y"), Installed.App(2, "a", "x")]),
        new StoredInstalls(B, 1, [Installed.App(3, "b", "x")]),
    ]);

    [Fact]
    public void Subscribers_are_those_of_the_account_that_name_the_event_type()
    {
        Assert.Equal([1, 2], Numbers(_directory.Subscribers(A, "x")));
        Assert.Equal([1], Numbers(_directory.Subscribers(A, "y")));
        Assert.Equal([3], Numbers(_directory.Subscribers(B, "x")));
        Assert.Empty(_directory.Subscribers(A, "X"));
        Assert.Empty(_directory.Subscribers(AccountId.Parse("nobody"), "x"));
    }

    [Fact]
    public void A_disabled_install_is_still_owed_events()
    {
        _directory.Put(Installed.App(2, "a", "x") with { Enabled = false }, 6);
        Assert.Equal([1, 2], Numbers(_directory.Subscribers(A, "x")));
        Assert.False(_directory.Subscribers(A, "x")[1].Enabled);
    }

    [Fact]
    public void A_deleted_install_is_found_nowhere()
    {
        var gone = Installed.App(1, "a", "x", "y") with { Deleted = true };
        _directory.Put(gone, 6);
        Assert.Equal([2], Numbers(_directory.Subscribers(A, "x")));
        Assert.Null(_directory.Find(A, gone.ClientId));
        Assert.Null(_directory.Find(1));
        Assert.Equal([2], Numbers(_directory.All(A)));
        Assert.Equal(6, _directory.Snapshot(A).Revision);
    }

    [Fact]
    public void A_snapshot_does_not_change_under_its_reader()
    {
        var before = _directory.Snapshot(A);
        _directory.Put(Installed.App(4, "a", "x"), 6);
        Assert.Equal([1, 2], Numbers(before.Subscribers("x")));
        Assert.Equal([1, 2, 4], Numbers(_directory.Subscribers(A, "x")));
    }

    [Fact]
    public void An_install_of_another_account_is_not_found() => Assert.Null(_directory.Find(B, Installed.App(1, "a").ClientId));

    [Fact]
    public void Looking_up_subscribers_allocates_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            _directory.Subscribers(A, "x");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _directory.Subscribers(A, "x");
            _directory.Subscribers(B, "none");
        }

        // A little room for the runtime's own doing, such as a tier change.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static IEnumerable<int> Numbers(IEnumerable<Install> installs) => installs.Select(install => install.Number);
}
