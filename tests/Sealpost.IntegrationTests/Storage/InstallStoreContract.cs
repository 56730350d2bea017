using System.Text;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every install store keeps.</summary>
public abstract class InstallStoreContract
{
    private protected static readonly AccountId A = AccountId.Parse("a");
    private protected static readonly AccountId B = AccountId.Parse("b");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract IInstallStore Store { get; }

    /// <summary>Accounts A and B exist.</summary>
    private protected abstract IAccountStore Accounts { get; }

    /// <summary>Stores a delivery of this id, as the ledger would.</summary>
    private protected abstract void AddDelivery(long id);

    /// <summary>The removals so far: install, event type key or null, the last delivery.</summary>
    private protected abstract IReadOnlyList<(int Install, string? EventType, long ThroughId)> Removals { get; }

    [Fact]
    public void An_install_is_kept_as_it_was_made()
    {
        var made = Made(App(A, "one", "x", "y") with { Enabled = false, DisabledReason = "manifest" });
        var kept = Assert.Single(Of(A).Installs);
        Assert.Equal(made.Manifest.Json.ToArray(), kept.Manifest.Json.ToArray());
        Assert.Equal(made with { Manifest = kept.Manifest }, kept);
        Assert.Equal(["x", "y"], kept.Manifest.Webhooks.Keys);
        Assert.Equal(1, Of(A).Revision);
        Assert.Empty(Of(B).Installs);
    }

    [Fact]
    public void A_client_name_is_unique_among_the_accounts_present_installs()
    {
        var first = Made(App(A, "one"));
        Assert.Equal(InstallChangeKind.ClientNameTaken, Store.Create(App(A, "one")).Kind);
        Assert.Equal(InstallChangeKind.Done, Store.Create(App(B, "one")).Kind);
        Delete(first);
        Assert.Equal(InstallChangeKind.Done, Store.Create(App(A, "one")).Kind);
    }

    [Fact]
    public void A_client_id_is_never_given_twice_not_even_after_its_deletion_or_elsewhere()
    {
        var first = Made(App(A, "one"));
        Delete(first);
        Assert.Equal(InstallChangeKind.ClientIdTaken, Store.Create(App(A, "two") with { ClientId = first.ClientId }).Kind);
        Assert.Equal(InstallChangeKind.ClientIdTaken, Store.Create(App(B, "two") with { ClientId = first.ClientId }).Kind);
        Assert.Equal(0, Of(B).Revision);
    }

    [Fact]
    public void A_change_is_kept_with_both_secrets_and_counts_the_accounts_revision()
    {
        var made = Made(App(A, "one"));
        var change = Store.Change(A, made.ClientId, before => Done(before with
        {
            Revision = 2,
            Secrets = new ClientSecrets(new Secret("new"), before.Secrets.Current, Now.AddHours(1)),
            Enabled = false,
            DisabledReason = "operator",
        }));
        Assert.Equal((InstallChangeKind.Done, 2L), (change.Kind, change.AccountRevision));
        Assert.Equal(made with { Manifest = change.Before!.Manifest }, change.Before);
        var kept = Assert.Single(Of(A).Installs);
        Assert.Equal(change.After! with { Manifest = kept.Manifest }, kept);
    }

    [Fact]
    public void A_refused_edit_writes_nothing()
    {
        var made = Made(App(A, "one"));
        var change = Store.Change(A, made.ClientId, before => new InstallEdit(InstallChangeKind.RevisionStale, before with { Enabled = false }));
        Assert.Equal(InstallChangeKind.RevisionStale, change.Kind);
        Assert.True(Assert.Single(Of(A).Installs).Enabled);
        Assert.Equal(1, Of(A).Revision);
    }

    [Fact]
    public void A_change_to_a_taken_client_name_writes_nothing()
    {
        Made(App(A, "one"));
        var second = Made(App(A, "two"));
        Assert.Equal(InstallChangeKind.ClientNameTaken, Store.Change(A, second.ClientId, before => Done(before with { Manifest = ManifestOf("one") })).Kind);
        Assert.Equal(["one", "two"], Of(A).Installs.Select(install => install.Manifest.ClientName));
    }

    [Fact]
    public void Another_accounts_install_is_not_found()
    {
        var made = Made(App(A, "one"));
        Assert.Equal(InstallChangeKind.NotFound, Store.Change(B, made.ClientId, Done).Kind);
        Assert.Equal(InstallChangeKind.NotFound, Store.Change(A, Guid.NewGuid(), Done).Kind);
    }

    [Fact]
    public void An_install_in_an_account_that_is_gone_is_not_made()
    {
        var account = Accounts.LoadAccounts().Single(account => account.Id == B);
        Assert.Equal(AccountRemoval.Removed, Accounts.Remove(account, Now));
        Assert.Equal(InstallChangeKind.AccountNotFound, Store.Create(App(B, "one")).Kind);
    }

    [Fact]
    public void An_account_with_installs_is_not_removed_until_they_are_deleted()
    {
        var account = Accounts.LoadAccounts().Single(account => account.Id == A);
        var made = Made(App(A, "one"));
        Assert.Equal(AccountRemoval.HasInstalls, Accounts.Remove(account, Now));
        Delete(made);
        Assert.Equal(AccountRemoval.Removed, Accounts.Remove(account, Now));
    }

    [Fact]
    public void The_revision_goes_on_when_an_account_is_made_again()
    {
        Delete(Made(App(A, "one")));
        Accounts.Remove(Accounts.LoadAccounts().Single(account => account.Id == A), Now);
        Accounts.Ensure(A, Now);
        Assert.Equal(2, Of(A).Revision);
        Assert.Equal(3, Store.Create(App(A, "one")).AccountRevision);
    }

    [Fact]
    public void A_removed_event_type_is_noted_with_the_last_delivery_of_the_moment()
    {
        var made = Made(App(A, "one", "x", "y", "z"));
        AddDelivery(41);
        AddDelivery(42);
        Store.Change(A, made.ClientId, before => Done(before with { Manifest = ManifestOf("one", "y") }));
        AddDelivery(43);
        Assert.Equal([(made.Number, "x", 42), (made.Number, "z", 42)], Removals);
    }

    [Fact]
    public void A_deletion_is_noted_for_all_event_types_and_for_what_is_still_being_accepted()
    {
        var made = Made(App(A, "one", "x", "y"));
        AddDelivery(7);
        Delete(made);
        Assert.Equal([(made.Number, null, long.MaxValue)], Removals);
        Assert.Empty(Of(A).Installs);
        Assert.Equal(InstallChangeKind.NotFound, Store.Change(A, made.ClientId, Done).Kind);
    }

    [Fact]
    public void A_change_that_removes_nothing_notes_nothing()
    {
        var made = Made(App(A, "one", "x"));
        AddDelivery(7);
        Store.Change(A, made.ClientId, before => Done(before with { Manifest = ManifestOf("one", "x", "y") }));
        Assert.Empty(Removals);
    }

    private protected static Install App(AccountId account, string name, params string[] eventTypes) => new()
    {
        Number = 0,
        Account = account,
        ClientId = Guid.NewGuid(),
        Manifest = ManifestOf(name, eventTypes),
        Secrets = new ClientSecrets(new Secret("secret of " + name)),
        Revision = 1,
        IssuedAt = Now,
        Enabled = true,
    };

    private protected Install Made(Install install)
    {
        var change = Store.Create(install);
        Assert.Equal(InstallChangeKind.Done, change.Kind);
        return change.After!;
    }

    private static InstallEdit Done(Install next) => new(InstallChangeKind.Done, next);

    private static Manifest ManifestOf(string name, params string[] eventTypes)
    {
        var webhooks = string.Join(',', eventTypes.Select(key => $"\"{key}\":{{\"endpoint\":\"https://example.com/{key}\"}}"));
        return ManifestReader.Read(Encoding.UTF8.GetBytes($"{{\"client_name\":\"{name}\",\"capabilities\":{{\"webhooks\":{{{webhooks}}}}}}}")).Manifest!;
    }

    private void Delete(Install install) => Store.Change(install.Account, install.ClientId, before => Done(before with { Deleted = true }));

    private StoredInstalls Of(AccountId account) => Store.Load().Single(stored => stored.Account == account);
}
