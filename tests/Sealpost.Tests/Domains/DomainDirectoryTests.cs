using Sealpost.Accounts;
using Sealpost.Domains;

namespace Sealpost.Tests.Domains;

public class DomainDirectoryTests
{
    private static readonly AccountId Account = AccountId.Parse("125634");

    private readonly DomainDirectory _directory = new(
        new DomainOptions
        {
            Overrides =
            [
                new DomainOverride(Account, "mtlsGateway", "mtls.example.com"),
                new DomainOverride(Account, "sentinel", "s.example.com:9000"),
                new DomainOverride(AccountId.Parse("other"), "agentVep", "other.example.com"),
            ],
        },
        () => "127.0.0.1:8443");

    [Fact]
    public void Services_without_an_override_are_this_process() => Assert.Contains(
        new DomainAnswer("accountConfigReadWrite", "127.0.0.1:8443"), _directory.Of(Account));

    [Fact]
    public void An_override_wins_for_its_account_alone()
    {
        Assert.Contains(new DomainAnswer("mtlsGateway", "mtls.example.com"), _directory.Of(Account));
        Assert.Contains(new DomainAnswer("mtlsGateway", "127.0.0.1:8443"), _directory.Of(AccountId.Parse("third")));
        Assert.DoesNotContain(_directory.Of(Account), answer => answer.BaseUri == "other.example.com");
    }

    [Fact]
    public void A_service_that_only_an_override_names_is_answered_too() => Assert.Contains(
        new DomainAnswer("sentinel", "s.example.com:9000"), _directory.Of(Account));
}
