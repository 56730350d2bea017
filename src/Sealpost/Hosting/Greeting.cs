using Sealpost.Hosting.Certificates;
using Sealpost.Hosting.Settings;
using Sealpost.Hosting.Web;

namespace Sealpost.Hosting;

/// <summary>What a start says to whoever typed it: where to go and where the token is. Never a secret.</summary>
internal static class Greeting
{
    public static void Write(TextWriter output, Foundation foundation, (Uri Http, Uri Https) urls, DevelopmentCertificates certificates)
    {
        var server = foundation.Settings.Server;
        output.WriteLine($"sealpost {StatusPage.Version}, {(server.Development ? "Development" : "Production")}, data in {foundation.Directory.Root}");
        output.WriteLine($"administrator's token: {(foundation.TokenIsGiven ? SettingsReader.AdminTokenVariable : foundation.Directory.AdminToken)}");
        output.WriteLine($"certificate: {server.Certificate ?? $"development, trust {certificates.AuthorityPath}"}");
        output.WriteLine(urls.Http.GetLeftPart(UriPartial.Authority));
        output.WriteLine(urls.Https.GetLeftPart(UriPartial.Authority));
        output.WriteLine("ready");
        output.Flush();
    }
}
