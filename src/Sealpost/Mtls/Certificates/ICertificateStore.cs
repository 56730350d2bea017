using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>
/// Keeps what is known of certificates. Each method is one transaction. An upload is two of them, with the vault between: first a
/// version is given, which is never given again; then it is put in use. What a crash, or a vault that failed, leaves in the vault is
/// remembered as a leftover until it is wiped.
/// </summary>
internal interface ICertificateStore
{
    /// <summary>All certificates in use. Uploads that a crash cut off become leftovers.</summary>
    IReadOnlyList<ClientCertificate> Load();

    /// <summary>Gives a new certificate's first version.</summary>
    CertificateBegin Begin(AccountId account, CertificateId id, string name);

    /// <summary>Gives the next version of a certificate; null when there is no such certificate.</summary>
    int? BeginNext(AccountId account, CertificateId id);

    /// <summary>
    /// Puts a version in use whose key material is in the vault; the ones before become leftovers. Where a later one is in use already
    /// it becomes a leftover itself.
    /// </summary>
    /// <param name="place">Certificate and version.</param>
    /// <param name="expiresAt">When the certificate ends.</param>
    /// <param name="name">A new name; null: it keeps its own.</param>
    CertificateCommit Commit(VaultPlace place, DateTimeOffset expiresAt, string? name);

    /// <summary>The version's key material did not get into the vault, or nobody knows: it becomes a leftover, and a certificate without any other goes.</summary>
    void GiveUp(VaultPlace place);

    /// <summary>Remembers, for the version in use, which warning ahead of its end was given; false when it is not in use any more.</summary>
    bool Warned(VaultPlace place, int days);

    /// <summary>Removes a certificate, all its versions become leftovers; null when there is none.</summary>
    ClientCertificate? Remove(AccountId account, CertificateId id);

    /// <summary>Places in the vault that nothing refers to any more.</summary>
    IReadOnlyList<VaultPlace> Leftovers();

    /// <summary>The vault has wiped it.</summary>
    void Wiped(VaultPlace leftover);
}

/// <summary>What came of the wish for a new certificate.</summary>
internal enum CertificateBegin
{
    Begun,
    AccountNotFound,
    NameTaken,
}

/// <summary>What came of putting a version in use.</summary>
/// <param name="InUse">The certificate as it is now; null: it was not put in use.</param>
/// <param name="NameTaken">Another certificate of the account has the name.</param>
internal sealed record CertificateCommit(ClientCertificate? InUse, bool NameTaken = false);
