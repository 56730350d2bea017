using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Mtls.P12;

/// <summary>Puts the certificates beside a leaf into the order in which they are sent along. Pure.</summary>
internal static class IssuerChain
{
    /// <summary>
    /// The leaf's issuer, that one's issuer, and so on as far as the file goes. A root is left out: whoever trusts it has it. What does
    /// not belong to the chain is left out too.
    /// </summary>
    public static IReadOnlyList<X509Certificate2> Of(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> beside)
    {
        var chain = new List<X509Certificate2>();
        var left = beside.Where(certificate => certificate != leaf && !IsSelfIssued(certificate)).ToList();
        for (var at = leaf; left.Find(other => Issues(other, at)) is { } issuer; at = issuer)
        {
            chain.Add(issuer);
            left.Remove(issuer);
        }

        return chain;
    }

    private static bool Issues(X509Certificate2 issuer, X509Certificate2 issued) =>
        issuer.SubjectName.RawData.AsSpan().SequenceEqual(issued.IssuerName.RawData) && KeyIdsAgree(issuer, issued);

    // Two issuers of one name, as after a renewal, are told apart by the key's id where the certificates give it.
    private static bool KeyIdsAgree(X509Certificate2 issuer, X509Certificate2 issued)
    {
        var own = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        var meant = issued.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        return own is null || meant is null || own.Value.Span.SequenceEqual(meant.Value.Span);
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
