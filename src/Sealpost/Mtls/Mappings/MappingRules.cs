using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;

namespace Sealpost.Mtls.Mappings;

/// <summary>What a mapping object must be (protocol 5). Pure.</summary>
internal static class MappingRules
{
    private const int MaxNameLength = 128;

    /// <summary>The mapping that the caller wants, or the rule that it breaks with a sentence.</summary>
    /// <param name="wish">What was sent.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="before">The mapping that it changes; null: a new one. What a change does not name stays.</param>
    /// <param name="exists">Whether the account has a certificate.</param>
    public static (Mapping? Mapping, string Code, string Sentence) Read(
        MappingWish wish, AccountId account, Mapping? before, Func<CertificateId, bool> exists)
    {
        var name = wish.Name ?? before?.Name ?? "";
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            return Broken("mapping_name_invalid", $"name must be 1 to {MaxNameLength} characters without control characters.");
        }

        if (MappingWish.Text(wish.SiteId) is { } site && site != account.Value)
        {
            return Broken("mapping_site_mismatch", $"siteId of '{name}' is another account than the path's.");
        }

        if ((wish.ServiceId is null ? before?.Service : MtlsServices.OfNumber(MappingWish.Text(wish.ServiceId))) is not { } service)
        {
            return Broken("mapping_service_invalid", $"serviceId of '{name}' must be 0 (TEST_SERVICE), 1 (IDP) or 2 (WEBHOOKS).");
        }

        if (!ForwardUrl.TryParse(wish.Url ?? before?.Url, out var target, out var fault))
        {
            return Broken("mapping_url_invalid", $"url of '{name}' {fault}.");
        }

        if (Certificate(wish, before, exists) is not { } certificate)
        {
            return Broken("mapping_certificate_not_found", $"certificationId of '{name}' must be the id of a certificate of this account.");
        }

        return (new Mapping
        {
            Id = before?.Id ?? 0,
            Account = account,
            Name = name,
            Service = service,
            Url = wish.Url ?? before!.Url,
            Target = target,
            Certificate = certificate,
            Enabled = wish.Enable ?? before?.Enabled ?? true,
        }, "", "");
    }

    // A change may keep a certificate that is gone: who only disables a mapping need not care.
    private static CertificateId? Certificate(MappingWish wish, Mapping? before, Func<CertificateId, bool> exists)
    {
        if (wish.CertificationId is null)
        {
            return before?.Certificate;
        }

        return CertificateId.TryParse(MappingWish.Text(wish.CertificationId), out var id) && (id == before?.Certificate || exists(id)) ? id : null;
    }

    private static (Mapping? Mapping, string Code, string Sentence) Broken(string code, string sentence) => (null, code, sentence);
}
