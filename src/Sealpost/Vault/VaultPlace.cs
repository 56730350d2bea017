using System.Globalization;
using Sealpost.Accounts;

namespace Sealpost.Vault;

/// <summary>Where a certificate's key material is kept: one version of one record of one account. What was stored there never changes.</summary>
/// <param name="Account">The account that owns it.</param>
/// <param name="Record">The certificate's number, positive.</param>
/// <param name="Version">From 1; never given twice for one record.</param>
internal readonly record struct VaultPlace(AccountId Account, long Record, int Version)
{
    /// <summary>The place as a path of three segments. All of it is ours: nothing that a caller wrote stands in it (security, S11).</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"{Account.Value}/{Record}/{Version}");

    public override string ToString() => Path;
}
