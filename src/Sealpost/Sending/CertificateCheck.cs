using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Sending;

/// <summary>
/// Accepts an endpoint's certificate: valid by chain, dates, usage and host, and naming the host in its subjectAltName;
/// the platform alone would be content with the subject's common name (security, fact 14).
/// </summary>
internal sealed class CertificateCheck(TimeProvider time)
{
    /// <summary>A <see cref="RemoteCertificateValidationCallback"/> that says what is wrong by throwing it.</summary>
    /// <exception cref="CertificateRefusedException">The certificate is refused; the message is fit for a customer's eyes.</exception>
    public bool Validate(object sender, X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors)
    {
        var refusal = Refusal(((SslStream)sender).TargetHostName, presented as X509Certificate2, chain, errors);
        if (refusal is not null)
        {
            throw new CertificateRefusedException(refusal);
        }

        return refusal is null;
    }

    /// <summary>What is wrong with the certificate, or null.</summary>
    internal string? Refusal(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the endpoint presented no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return DescribeChain(certificate, chain);
        }

        return errors != SslPolicyErrors.None || !certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false)
            ? "the endpoint's certificate does not name its host"
            : null;
    }

    private string DescribeChain(X509Certificate2 certificate, X509Chain? chain)
    {
        var status = chain is null
            ? X509ChainStatusFlags.NoError
            : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        var now = time.GetUtcNow();
        if (now > new DateTimeOffset(certificate.NotAfter))
        {
            return "the endpoint's certificate has expired";
        }

        if (now < new DateTimeOffset(certificate.NotBefore))
        {
            return "the endpoint's certificate is not valid yet";
        }

        if (status.HasFlag(X509ChainStatusFlags.PartialChain) || status.HasFlag(X509ChainStatusFlags.UntrustedRoot))
        {
            return "the endpoint's certificate comes from an issuer that is not trusted";
        }

        return status.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? "the endpoint's certificate is not meant for a server"
            : $"the endpoint's certificate is not valid ({status})";
    }
}
