using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Hosting;

namespace Sealpost.Cli.Doctor;

/// <summary>The certificates in the data directory: readable, and not about to expire.</summary>
internal static class TlsChecks
{
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(30);

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The server's own certificate where the settings name one, else the data directory's.</summary>
    public static IEnumerable<Finding> Run(string dataFolder, ServerOptions? server, DateTimeOffset now)
    {
        if (server is { Certificate: { } certificate, CertificateKey: { } key })
        {
            return [.. new[] { certificate, key }.Distinct(StringComparer.Ordinal).SelectMany(file => Read(file, now))];
        }

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

    private static Finding[] Read(string file, DateTimeOffset now)
    {
        try
        {
            var text = File.ReadAllText(file);
            var findings = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? Key(file) : [];
            if (!text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            {
                return findings;
            }

            using var certificate = X509Certificate2.CreateFromPem(text);
            return [.. findings, Judge(file, new DateTimeOffset(certificate.NotAfter.ToUniversalTime()), now)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return [new(Level.Fail, "tls", $"{file} cannot be read: {unreadable.Message}")];
        }
    }

    private static Finding[] Key(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None
        ? [new(Level.Fail, "tls", $"{file} has a key that others can read: chmod 600 it, then replace key and certificate.")]
        : [];
}
