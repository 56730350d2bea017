using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>What is known of an uploaded certificate without its key material, which the vault has.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Id">Its number.</param>
/// <param name="Name">Unique in the account.</param>
/// <param name="Version">Which of the uploads is in use, from 1.</param>
/// <param name="ExpiresAt">When the certificate ends.</param>
internal sealed record ClientCertificate(AccountId Account, CertificateId Id, string Name, int Version, DateTimeOffset ExpiresAt)
{
    /// <summary>Which of the warnings ahead of its end was the last: so many days; null: none yet. A replaced one starts anew.</summary>
    public int? WarnedDays { get; init; }

    /// <summary>Where its key material is.</summary>
    public VaultPlace Place => new(Account, Id.Value, Version);
}
