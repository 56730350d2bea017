using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Mappings;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What every store of mappings keeps.</summary>
public abstract class MappingStoreContract
{
    private protected static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract IMappingStore Store { get; }

    private protected abstract IAccountStore Accounts { get; }

    [Fact]
    public void A_mapping_is_kept_as_it_was_given_with_a_number_of_its_own()
    {
        Accounts.Ensure(A, Now);
        var change = Store.Change(A, [], [Mapping("one"), Mapping("two") with { Enabled = false, Service = MtlsService.Idp }]);
        Assert.Equal(MappingChangeKind.Done, change.Kind);
        Assert.Equal(["one", "two"], change.Written.Select(mapping => mapping.Name));
        Assert.All(change.Written, mapping => Assert.True(mapping.Id > 0));
        Assert.Equal(change.Written, ById(Store.Load()));
        Assert.Equal(Mapping("one"), change.Written[0] with { Id = 0 });
    }

    [Fact]
    public void A_mapping_needs_its_account() =>
        Assert.Equal(MappingChangeKind.AccountNotFound, Store.Change(A, [], [Mapping("one")]).Kind);

    [Fact]
    public void A_name_is_unique_in_its_account()
    {
        Keep("one");
        var other = Mapping("one", "https://other.example/");
        AssertRefused(MappingChangeKind.NameTaken, other, Store.Change(A, [], [other]));
        Accounts.Ensure(B, Now);
        Assert.Equal(MappingChangeKind.Done, Store.Change(B, [], [other with { Account = B }]).Kind);
    }

    [Fact]
    public void A_url_is_unique_for_its_account_and_service_in_whatever_spelling()
    {
        Keep("one", "https://bank.example/x");
        var other = Mapping("two", "https://BANK.example:443/x");
        AssertRefused(MappingChangeKind.UrlTaken, other, Store.Change(A, [], [other]));
        Assert.Equal(MappingChangeKind.Done, Store.Change(A, [], [other with { Service = MtlsService.TestService }]).Kind);
        Assert.Equal(MappingChangeKind.Done, Store.Change(A, [], [Mapping("three", "https://bank.example/x/")]).Kind);
        Accounts.Ensure(B, Now);
        Assert.Equal(MappingChangeKind.Done, Store.Change(B, [], [other with { Account = B }]).Kind);
    }

    [Fact]
    public void A_change_is_all_or_nothing()
    {
        var kept = Keep("one");
        var more = Mapping("new", "https://new.example/");
        Assert.Equal(MappingChangeKind.NameTaken, Store.Change(A, [], [more, more with { Name = "one" }]).Kind);
        Assert.Equal(MappingChangeKind.UrlTaken, Store.Change(A, [], [more, more with { Name = "again" }]).Kind);
        Assert.Equal(MappingChangeKind.NotFound, Store.Change(A, [kept.Id, kept.Id + 1], []).Kind);
        Assert.Equal(MappingChangeKind.NotFound, Store.Change(A, [kept.Id], [more, more with { Id = kept.Id + 1, Name = "gone" }]).Kind);
        Assert.Equal([kept], Store.Load());
    }

    [Fact]
    public void A_mapping_is_changed_and_may_keep_its_own_name_and_url()
    {
        var kept = Keep("one");
        var changed = kept with { Enabled = false, Certificate = new CertificateId(99) };
        Assert.Equal([changed], Store.Change(A, [], [changed]).Written);
        Assert.Equal([changed], Store.Load());
    }

    [Fact]
    public void Two_mappings_may_swap_their_names_and_their_urls()
    {
        var (one, two) = (Keep("one", "https://one.example/"), Keep("two", "https://two.example/"));
        var (asTwo, asOne) = (two with { Id = one.Id }, one with { Id = two.Id });
        Assert.Equal([asTwo, asOne], Store.Change(A, [], [asTwo, asOne]).Written);
        Assert.Equal([asTwo, asOne], ById(Store.Load()));
    }

    [Fact]
    public void What_is_removed_leaves_its_name_and_url_to_what_is_written_in_the_same_call()
    {
        var kept = Keep("one");
        var successor = Assert.Single(Store.Change(A, [kept.Id], [Mapping("one")]).Written);
        Assert.Equal([successor], Store.Load());
        Assert.Equal(MappingChangeKind.Done, Store.Change(A, [successor.Id], []).Kind);
        Assert.Empty(Store.Load());
    }

    [Fact]
    public void A_mapping_is_its_own_accounts_alone()
    {
        var kept = Keep("one");
        Accounts.Ensure(B, Now);
        Assert.Equal(MappingChangeKind.NotFound, Store.Change(B, [kept.Id], []).Kind);
        Assert.Equal(MappingChangeKind.NotFound, Store.Change(B, [], [kept with { Account = B, Enabled = false }]).Kind);
        Assert.Equal([kept], Store.Load());
    }

    [Fact]
    public void An_account_takes_its_mappings_with_it()
    {
        Keep("one");
        Assert.Equal(AccountRemoval.Removed, Accounts.Remove(Accounts.Ensure(A, Now), Now));
        Assert.Empty(Store.Load());
        Accounts.Ensure(A, Now);
        Assert.Empty(Store.Load());
        Assert.Equal(MappingChangeKind.Done, Store.Change(A, [], [Mapping("one")]).Kind);
    }

    private static IEnumerable<Mapping> ById(IEnumerable<Mapping> mappings) => mappings.OrderBy(mapping => mapping.Id);

    private static void AssertRefused(MappingChangeKind kind, Mapping about, MappingChange change)
    {
        Assert.Equal((kind, about), (change.Kind, change.About));
        Assert.Empty(change.Written);
    }

    private static Mapping Mapping(string name, string? url = null)
    {
        var given = url ?? $"https://Bank.example/{name}?q=1";
        Assert.True(ForwardUrl.TryParse(given, out var target, out _));
        return new Mapping
        {
            Account = A,
            Name = name,
            Service = MtlsService.Webhooks,
            Url = given,
            Target = target,
            Certificate = new CertificateId(7),
            Enabled = true,
        };
    }

    private Mapping Keep(string name, string? url = null)
    {
        Accounts.Ensure(A, Now);
        return Assert.Single(Store.Change(A, [], [Mapping(name, url)]).Written);
    }
}
