using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Cli.Doctor;

/// <summary>The certificates in the data directory: readable, and not about to expire.</summary>
internal static class TlsChecks
{
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(30);

    public static IEnumerable<Finding> Run(string dataFolder, DateTimeOffset now)
    {
        var folder = Path.Combine(dataFolder, "tls");
        if (!Directory.Exists(folder))
        {
            return [new(Level.Warn, "tls", $"{folder} is not there: the service makes it at its first start.")];
        }

        return [.. Directory.EnumerateFiles(folder, "*.pem").Order(StringComparer.Ordinal).SelectMany(file => Read(file, now))];
    }

    public static Finding Judge(string file, DateTimeOffset notAfter, DateTimeOffset now)
    {
        var text = $"{file} is valid until {notAfter.UtcDateTime:yyyy-MM-dd}";
        return notAfter <= now ? new(Level.Fail, "tls", $"{file} expired on {notAfter.UtcDateTime:yyyy-MM-dd}: replace it.")
            : notAfter - now <= SoonExpired ? new(Level.Warn, "tls", $"{text}: replace it soon.")
            : new(Level.Ok, "tls", $"{text}.");
    }

    private static IEnumerable<Finding> Read(string file, DateTimeOffset now)
    {
        try
        {
            var text = File.ReadAllText(file);
            if (!text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            {
                // A key in a file of its own.
                return [];
            }

            using var certificate = X509Certificate2.CreateFromPem(text);
            return [Judge(file, new DateTimeOffset(certificate.NotAfter.ToUniversalTime()), now)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return [new(Level.Fail, "tls", $"{file} cannot be read: {unreadable.Message}")];
        }
    }
}
