using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Hosting.Certificates;

/// <summary>A certificate and its key from two PEM files.</summary>
internal static class PemPair
{
    /// <summary>Null, with one line on what is wrong: a file cannot be read, is no PEM, or the key is not the certificate's.</summary>
    public static X509Certificate2? Load(string certificate, string key, out string? error) => Load(PairFiles.Read(certificate, key), out error);

    /// <summary>The same of files that were read already.</summary>
    public static X509Certificate2? Load(PairFiles files, out string? error)
    {
        error = files.Error;
        if (error is not null)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(files.Certificate, files.Key);
        }
        catch (CryptographicException e)
        {
            error = e.Message;
        }
        catch (ArgumentException)
        {
            // What the framework throws for a pair of sound files that do not belong together.
            error = "the key is not the certificate's";
        }

        return null;
    }
}
