using Sealpost.Protocol.Installs;
using Sealpost.Vault;

namespace Sealpost.Installs;

/// <summary>What each change makes of an install. Pure: the secrets and the time come in.</summary>
internal static class InstallRules
{
    /// <summary>The install with another manifest. <c>enabled</c> is one flag, whoever sets it (protocol 3, Disabled).</summary>
    public static InstallEdit Replace(Install install, Manifest manifest, IfMatch condition) =>
        condition.Refuses(install.Revision) is { } refusal
            ? new InstallEdit(refusal, install)
            : Changed(install with
            {
                Manifest = manifest,
                Enabled = manifest.Enabled,
                DisabledReason = manifest.Enabled ? null : install.DisabledReason ?? DisabledReasons.Manifest,
            });

    public static InstallEdit Delete(Install install, IfMatch condition) =>
        condition.Refuses(install.Revision) is { } refusal
            ? new InstallEdit(refusal, install)
            : Changed(install with { Deleted = true });

    public static InstallEdit Enable(Install install) =>
        install.Enabled ? Unchanged(install) : Changed(install with { Enabled = true, DisabledReason = null });

    /// <summary>The first reason stays: a second one says nothing about why it stopped.</summary>
    /// <param name="install">The install as it is now.</param>
    /// <param name="reason">One of <see cref="DisabledReasons"/>.</param>
    /// <param name="asOf">The revision that was judged, where a rule did: who changed the install since knows better. Null: whatever it is.</param>
    public static InstallEdit Disable(Install install, string reason, long? asOf = null) =>
        install.Enabled && (asOf is null || asOf == install.Revision) ? Changed(install with { Enabled = false, DisabledReason = reason }) : Unchanged(install);

    /// <summary>
    /// The install with a new secret. What signs now signs on until the overlap ends: during an earlier overlap that is the
    /// secret that receivers are known to have.
    /// </summary>
    public static InstallEdit Rotate(Install install, Secret secret, TimeSpan overlap, DateTimeOffset now) => Changed(install with
    {
        Secrets = overlap > TimeSpan.Zero
            ? new ClientSecrets(secret, install.Secrets.SigningAt(now), now + overlap)
            : new ClientSecrets(secret),
    });

    private static InstallEdit Changed(Install next) => new(InstallChangeKind.Done, next with { Revision = next.Revision + 1 });

    private static InstallEdit Unchanged(Install install) => new(InstallChangeKind.Unchanged, install);
}
