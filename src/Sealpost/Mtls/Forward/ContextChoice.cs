using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Mappings;
using Sealpost.Vault;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Finds what to send a forward with: (1) the mapping, (2) its certificate, which must not have expired, (3) the key material, (4) a
/// context of that version. What is mapped and cannot be had is not sent at all, never without the certificate (security, P4). Asked anew
/// for every request, so that every change counts at once. Thread safe.
/// </summary>
internal sealed partial class ContextChoice(
    MappingDirectory mappings, CertificateDirectory certificates, CachedVault vault, TlsContexts contexts, TimeProvider time, ILogger<ContextChoice> log)
{
    /// <summary>A version that is replaced between two steps is looked up again; nobody replaces one so often.</summary>
    private const int MostLooks = 5;

    /// <summary>The lease, which is plain where nothing is mapped; null where nothing may be sent.</summary>
    public async Task<Chosen> ChooseAsync(AccountId account, MtlsService? service, ForwardUrl url, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            if (service is not { } known || mappings.Find(account, known, url) is not { } mapping)
            {
                return new Chosen(contexts.LendPlain(account), IsMapped: false, "");
            }

            if (await LookAsync(mapping, cancellation) is { } chosen)
            {
                return chosen;
            }
        }

        return Unavailable("is being changed");
    }

    // Null: it changed meanwhile.
    private async Task<Chosen?> LookAsync(Mapping mapping, CancellationToken cancellation)
    {
        if (certificates.Find(mapping.Account, mapping.Certificate) is not { } certificate)
        {
            return Unavailable("was deleted");
        }

        if (time.GetUtcNow() >= certificate.ExpiresAt)
        {
            return Unavailable("has expired");
        }

        var answer = await vault.FetchAsync(certificate.Place, cancellation);
        if (answer.IsFetched)
        {
            return Lend(certificate, answer.Material);
        }

        var isInUse = certificates.Find(mapping.Account, mapping.Certificate) == certificate;
        if (isInUse)
        {
            LogNotFetched(certificate.Place.Path, answer.Detail);
        }

        return isInUse ? Unavailable("cannot be had from the vault now") : null;
    }

    private Chosen? Lend(ClientCertificate certificate, KeyMaterial material)
    {
        try
        {
            return contexts.Lend(certificate, material) is { } lease ? new Chosen(lease, IsMapped: true, "") : null;
        }
        catch (CryptographicException e)
        {
            LogUnreadable(e, certificate.Place.Path);
            return Unavailable("cannot be read");
        }
    }

    private static Chosen Unavailable(string why) => new(Lease: null, IsMapped: true, $"The certificate that is mapped to this URL {why}; nothing was sent.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A forward was refused, the vault did not give {Place}: {Detail}")]
    private partial void LogNotFetched(string place, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "A forward was refused, the key material of {Place} cannot be used")]
    private partial void LogUnreadable(Exception e, string place);
}

/// <summary>What to send with.</summary>
/// <param name="Lease">Null: nothing may be sent.</param>
/// <param name="IsMapped">Whether a certificate is mapped.</param>
/// <param name="WhyNot">A sentence for the caller, where nothing may be sent.</param>
internal readonly record struct Chosen(TlsLease? Lease, bool IsMapped, string WhyNot);
