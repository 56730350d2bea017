using System.Text;
using Sealpost.Protocol.Installs;

namespace Sealpost.Tests.Protocol.Installs;

/// <summary>Manifests for the tests beside it.</summary>
internal static class Manifests
{
    public const string Endpoint = "https://receiver.example/hook";

    public static string With(string members) => $$"""{"client_name":"app",{{members}}}""";

    public static string WithWebhooks(string webhooks) => With($$$"""  "capabilities":{"webhooks":{{{{webhooks}}}}}  """);

    public static string WithHeaders(string headers) => WithWebhooks($$"""  "t":{"endpoint":"{{Endpoint}}","headers":{{headers}}}  """);

    public static ManifestResult Read(string json) => ManifestReader.Read(Encoding.UTF8.GetBytes(json));

    public static Manifest Accept(string json)
    {
        var result = Read(json);
        Assert.Empty(result.Errors);
        Assert.NotNull(result.Manifest);
        return result.Manifest;
    }

    /// <summary>The one error of a manifest that breaks one rule.</summary>
    public static void Refuse(string json, string member, string rule)
    {
        var result = Read(json);
        Assert.Null(result.Manifest);
        var error = Assert.Single(result.Errors);
        Assert.Equal((member, rule), (error.Member, error.Rule));
        Assert.StartsWith(member.Length == 0 ? "The manifest" : member, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    public static string JsonOf(Manifest manifest) => Encoding.UTF8.GetString(manifest.Json.Span);
}
