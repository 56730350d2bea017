using System.Text.Json.Nodes;
using Sealpost.Cli.Verbs.Installs;

namespace Sealpost.Tests.Cli;

public sealed class ManifestFlagsTests
{
    [Fact]
    public void Flags_make_a_manifest_out_of_nothing() => AssertApplied(
        new ManifestFlags("app", "https://x/", ["A", "B"], RetentionSeconds: 60, MaxRetries: 3),
        "{}",
        """{"client_name":"app","capabilities":{"webhooks":{"A":{"endpoint":"https://x/","max_retries":3},"B":{"endpoint":"https://x/","max_retries":3},"retry":{"retention_time":60}}}}""");

    [Fact]
    public void An_endpoint_alone_moves_every_webhook_and_keeps_what_else_there_is() => AssertApplied(
        new ManifestFlags(null, "https://new/", [], null, null),
        """{"client_name":"app","x":1e400,"capabilities":{"engagement":{"y":1},"webhooks":{"A":{"endpoint":"https://old/","headers":[]},"retry":{"retention_time":60}}}}""",
        """{"client_name":"app","x":1e400,"capabilities":{"engagement":{"y":1},"webhooks":{"A":{"endpoint":"https://new/","headers":[]},"retry":{"retention_time":60}}}}""");

    [Fact]
    public void A_name_alone_leaves_the_capabilities_alone() => AssertApplied(
        new ManifestFlags("new", null, [], null, null),
        """{"client_name":"old","capabilities":{"webhooks":null}}""",
        """{"client_name":"new","capabilities":{"webhooks":null}}""");

    private static void AssertApplied(ManifestFlags flags, string before, string after)
    {
        var manifest = (JsonObject)JsonNode.Parse(before)!;
        flags.Apply(manifest);
        Assert.Equal(after, manifest.ToJsonString());
    }
}
