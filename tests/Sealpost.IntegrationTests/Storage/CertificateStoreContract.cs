using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every store of certificates keeps.</summary>
public abstract class CertificateStoreContract
{
    private protected static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");
    private static readonly CertificateId One = new(1L << 41);
    private static readonly CertificateId Two = new((1L << 41) + 1);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract ICertificateStore Store { get; }

    private protected abstract IAccountStore Accounts { get; }

    [Fact]
    public void A_certificate_is_kept_once_its_first_version_is_in_use()
    {
        Accounts.Ensure(A, Now);
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, One, "name"));
        Assert.Empty(Store.Leftovers());
        var inUse = Store.Commit(Place(1), Now, name: null).InUse;
        Assert.Equal(new ClientCertificate(A, One, "name", 1, Now), inUse);
        Assert.Equal([inUse!], Store.Load());
        Assert.Empty(Store.Leftovers());
    }

    [Fact]
    public void A_certificate_needs_an_account_and_a_name_that_is_free_in_it()
    {
        Assert.Equal(CertificateBegin.AccountNotFound, Store.Begin(A, One, "name"));
        Accounts.Ensure(A, Now);
        Accounts.Ensure(B, Now);
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, One, "name"));
        Assert.Equal(CertificateBegin.NameTaken, Store.Begin(A, Two, "name"));
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, Two, "Name"));
        Assert.Equal(CertificateBegin.Begun, Store.Begin(B, new CertificateId(Two.Value + 1), "name"));
    }

    [Fact]
    public void An_upload_that_a_crash_cut_off_is_gone_and_its_place_is_left_over()
    {
        Accounts.Ensure(A, Now);
        Store.Begin(A, One, "name");
        Assert.Empty(Store.Load());
        Assert.Equal([Place(1)], Store.Leftovers());
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, Two, "name"));
        Assert.Null(Store.Commit(Place(1), Now, name: null).InUse);
    }

    [Fact]
    public void A_replacement_that_a_crash_cut_off_leaves_what_was_before_in_use()
    {
        var before = Keep(One, "name");
        Assert.Equal(2, Store.BeginNext(A, One));
        Assert.Equal([before], Store.Load());
        Assert.Equal([Place(2)], Store.Leftovers());
        Assert.Equal(3, Store.BeginNext(A, One));
    }

    [Fact]
    public void A_new_version_takes_the_place_of_the_one_before_which_is_left_over()
    {
        Keep(One, "name");
        Assert.Equal(2, Store.BeginNext(A, One));
        Assert.Empty(Store.Leftovers());
        var inUse = Store.Commit(Place(2), Now.AddDays(1), "other").InUse;
        Assert.Equal(new ClientCertificate(A, One, "other", 2, Now.AddDays(1)), inUse);
        Assert.Equal([inUse!], Store.Load());
        Assert.Equal([Place(1)], Store.Leftovers());
        Store.Wiped(Place(1));
        Assert.Empty(Store.Leftovers());
    }

    [Fact]
    public void Of_two_replacements_at_once_the_later_one_stays_whichever_comes_last()
    {
        Keep(One, "name");
        Assert.Equal((2, 3), (Store.BeginNext(A, One), Store.BeginNext(A, One)));
        Store.Commit(Place(3), Now.AddDays(3), name: null);
        var inUse = Store.Commit(Place(2), Now.AddDays(2), "late").InUse;
        Assert.Equal(new ClientCertificate(A, One, "name", 3, Now.AddDays(3)), inUse);
        Assert.Equal([Place(1), Place(2)], Store.Leftovers().OrderBy(place => place.Version));
    }

    [Fact]
    public void A_replacement_may_not_take_anothers_name()
    {
        var before = Keep(One, "name");
        Keep(Two, "other");
        Store.BeginNext(A, One);
        Assert.Equal(new CertificateCommit(null, NameTaken: true), Store.Commit(Place(2), Now, "other"));
        Assert.Contains(before, Store.Load());
        Assert.Equal([Place(2)], Store.Leftovers());
        Store.BeginNext(A, One);
        Assert.Equal("name", Store.Commit(Place(3), Now, "name").InUse!.Name);
    }

    [Fact]
    public void What_is_given_up_is_left_over_and_a_certificate_without_another_version_goes()
    {
        var kept = Keep(One, "name");
        Store.BeginNext(A, One);
        Store.GiveUp(Place(2));
        Store.Begin(A, Two, "other");
        Store.GiveUp(new VaultPlace(A, Two.Value, 1));
        Assert.Equal([Place(2), new VaultPlace(A, Two.Value, 1)], Store.Leftovers().OrderBy(place => place.Record));
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, new CertificateId(Two.Value + 1), "other"));
        Assert.Equal([kept], Store.Load());
    }

    [Fact]
    public void A_removed_certificate_leaves_its_place_over_and_frees_its_name()
    {
        var kept = Keep(One, "name");
        Assert.Equal(kept, Store.Remove(A, One));
        Assert.Null(Store.Remove(A, One));
        Assert.Empty(Store.Load());
        Assert.Equal([Place(1)], Store.Leftovers());
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, Two, "name"));
    }

    [Fact]
    public void A_replacement_of_what_was_removed_meanwhile_is_left_over()
    {
        Keep(One, "name");
        Store.BeginNext(A, One);
        Store.Remove(A, One);
        Assert.Equal(new CertificateCommit(null), Store.Commit(Place(2), Now, name: null));
        Assert.Equal([Place(1), Place(2)], Store.Leftovers().OrderBy(place => place.Version));
        Assert.Empty(Store.Load());
    }

    [Fact]
    public void An_upload_under_way_can_be_neither_replaced_nor_removed()
    {
        Accounts.Ensure(A, Now);
        Store.Begin(A, One, "name");
        Assert.Null(Store.BeginNext(A, One));
        Assert.Null(Store.Remove(A, One));
    }

    [Fact]
    public void A_certificate_is_its_own_accounts_alone()
    {
        var kept = Keep(One, "name");
        Accounts.Ensure(B, Now);
        Assert.Null(Store.BeginNext(B, One));
        Assert.Null(Store.Remove(B, One));
        Assert.Null(Store.Commit(new VaultPlace(B, One.Value, 2), Now, name: null).InUse);
        Assert.False(Store.Warned(new VaultPlace(B, One.Value, 1), 30));
        Store.GiveUp(new VaultPlace(B, One.Value, 1));
        Assert.Equal([kept], Store.Load());
    }

    [Fact]
    public void A_warning_is_remembered_for_the_version_in_use_and_forgotten_with_it()
    {
        var kept = Keep(One, "name");
        Assert.True(Store.Warned(Place(1), 30));
        Assert.Equal([kept with { WarnedDays = 30 }], Store.Load());
        Store.BeginNext(A, One);
        Assert.Null(Store.Commit(Place(2), Now.AddDays(90), name: null).InUse!.WarnedDays);
        Assert.False(Store.Warned(Place(1), 7));
        Assert.Null(Assert.Single(Store.Load()).WarnedDays);
    }

    [Fact]
    public void An_account_with_certificates_stays_and_one_whose_certificates_are_gone_leaves_their_places_over()
    {
        var account = Accounts.Ensure(A, Now);
        Keep(One, "name");
        Assert.Equal(AccountRemoval.HasCertificates, Accounts.Remove(account, Now));
        Store.Remove(A, One);
        Assert.Equal(AccountRemoval.Removed, Accounts.Remove(account, Now));
        Assert.Equal([Place(1)], Store.Leftovers());
        Assert.Equal(CertificateBegin.AccountNotFound, Store.Begin(A, Two, "name"));
    }

    private static VaultPlace Place(int version) => new(A, One.Value, version);

    private ClientCertificate Keep(CertificateId id, string name)
    {
        Accounts.Ensure(A, Now);
        Assert.Equal(CertificateBegin.Begun, Store.Begin(A, id, name));
        return Store.Commit(new VaultPlace(A, id.Value, 1), Now, name: null).InUse!;
    }
}
