using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Hosting.Certificates;

/// <summary>A certificate and its key from two PEM files.</summary>
internal static class PemPair
{
    /// <summary>Null, with one line on what is wrong: a file cannot be read, is no PEM, or the key is not the certificate's.</summary>
    public static X509Certificate2? Load(string certificate, string key, out string? error)
    {
        try
        {
            error = null;
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
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
