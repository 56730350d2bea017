using Sealpost.Installs;
using Sealpost.Vault;

namespace Sealpost.Tests.Installs;

public sealed class InstallRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Install App = Installed.App(1, "a", "x");

    [Fact]
    public void Every_change_counts_the_revision_up()
    {
        Assert.Equal(2, InstallRules.Replace(App, App.Manifest, IfMatch.Of(1)).Install.Revision);
        Assert.Equal(2, InstallRules.Disable(App, "operator").Install.Revision);
        Assert.Equal(2, InstallRules.Delete(App, IfMatch.Any).Install.Revision);
        Assert.Equal(2, InstallRules.Rotate(App, new Secret("s1"), TimeSpan.Zero, Now).Install.Revision);
    }

    [Fact]
    public void A_stale_or_missing_revision_changes_nothing()
    {
        Assert.Equal(new InstallEdit(InstallChangeKind.RevisionStale, App), InstallRules.Replace(App, App.Manifest, IfMatch.Of(2)));
        Assert.Equal(new InstallEdit(InstallChangeKind.RevisionMissing, App), InstallRules.Replace(App, App.Manifest, default));
        Assert.Equal(new InstallEdit(InstallChangeKind.RevisionStale, App), InstallRules.Delete(App, IfMatch.Of(0)));
        Assert.Equal(new InstallEdit(InstallChangeKind.RevisionMissing, App), InstallRules.Delete(App, default));
    }

    [Fact]
    public void A_manifest_that_says_disabled_disables_and_one_that_says_enabled_enables()
    {
        var off = InstallRules.Replace(App, Installed.ManifestOf("app", false, "x"), IfMatch.Any).Install;
        Assert.False(off.Enabled);
        Assert.Equal(DisabledReasons.Manifest, off.DisabledReason);

        var on = InstallRules.Replace(off, Installed.ManifestOf("app", true, "x"), IfMatch.Any).Install;
        Assert.True(on.Enabled);
        Assert.Null(on.DisabledReason);
    }

    [Fact]
    public void A_manifest_that_leaves_a_slow_app_disabled_keeps_the_reason()
    {
        var slow = InstallRules.Disable(App, DisabledReasons.SlowEndpoint).Install;
        var edited = InstallRules.Replace(slow, Installed.ManifestOf("app", false, "x"), IfMatch.Any).Install;
        Assert.Equal(DisabledReasons.SlowEndpoint, edited.DisabledReason);
    }

    [Fact]
    public void Enabling_clears_the_reason_and_what_is_so_already_is_no_change()
    {
        var off = InstallRules.Disable(App, DisabledReasons.SlowEndpoint).Install;
        Assert.Equal(InstallChangeKind.Unchanged, InstallRules.Disable(off, DisabledReasons.Operator).Kind);
        Assert.Equal(DisabledReasons.SlowEndpoint, InstallRules.Disable(off, DisabledReasons.Operator).Install.DisabledReason);

        var on = InstallRules.Enable(off).Install;
        Assert.True(on.Enabled);
        Assert.Null(on.DisabledReason);
        Assert.Equal(InstallChangeKind.Unchanged, InstallRules.Enable(on).Kind);
    }

    [Fact]
    public void The_old_secret_signs_until_the_overlap_ends()
    {
        var secrets = InstallRules.Rotate(App, new Secret("s1"), TimeSpan.FromHours(1), Now).Install.Secrets;
        Assert.Equal("s1", secrets.Current.Reveal());
        Assert.Equal("s0", secrets.SigningAt(Now.AddHours(1).AddTicks(-1)).Reveal());
        Assert.Equal("s1", secrets.SigningAt(Now.AddHours(1)).Reveal());
    }

    [Fact]
    public void A_rotation_without_overlap_signs_with_the_new_secret_at_once()
    {
        var secrets = InstallRules.Rotate(App, new Secret("s1"), TimeSpan.Zero, Now).Install.Secrets;
        Assert.Equal("s1", secrets.SigningAt(Now).Reveal());
        Assert.Null(secrets.Previous);
    }

    [Fact]
    public void A_second_rotation_within_the_overlap_goes_on_signing_with_what_receivers_have()
    {
        var first = InstallRules.Rotate(App, new Secret("s1"), TimeSpan.FromHours(1), Now).Install;
        var secrets = InstallRules.Rotate(first, new Secret("s2"), TimeSpan.FromHours(1), Now.AddMinutes(30)).Install.Secrets;
        Assert.Equal("s0", secrets.SigningAt(Now.AddMinutes(89)).Reveal());
        Assert.Equal("s2", secrets.SigningAt(Now.AddMinutes(90)).Reveal());
    }
}
