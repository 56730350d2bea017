using System.Buffers;
using System.Text;
using System.Text.Json;
using Sealpost.Protocol.Installs;

namespace Sealpost.Tests.Protocol.Installs;

public sealed class InstallWriterTests
{
    private static readonly Guid ClientId = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");

    private static readonly InstallFacts Facts =
        new(ClientId, "top+secret", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_999), Enabled: false, Deleted: false);

    [Fact]
    public void An_install_is_what_the_service_sets_and_then_the_manifest_as_it_came()
    {
        var manifest = Manifests.Accept("""{"client_name":"app","enabled":true,"x":[ 1e400 ],"y\u0022":"\u00e9"}""");

        Assert.Equal(
            """{"client_id":"0f8fad5b-d9cb-469f-a165-70867728950e","client_secret":"top+secret","client_id_issued_at":1700000000,"client_secret_expires_at":0,"id":"0f8fad5b-d9cb-469f-a165-70867728950e","deleted":false,"enabled":false,"client_name":"app","x":[ 1e400 ],"y\"":"\u00e9"}""",
            Write(manifest, Facts));
    }

    [Fact]
    public void The_secret_is_null_for_whom_it_is_not() =>
        Assert.Contains("\"client_secret\":null", Write(Manifests.Accept("""{"client_name":"app"}"""), Facts with { ClientSecret = null }), StringComparison.Ordinal);

    [Fact]
    public void The_facts_in_words_never_show_the_secret() =>
        Assert.DoesNotContain("top", Facts.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Installs_can_be_written_into_a_list()
    {
        var manifest = Manifests.Accept("""{"client_name":"app"}""");
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartArray();
            InstallWriter.WriteInstall(json, manifest, Facts);
            InstallWriter.WriteInstall(json, manifest, Facts with { Enabled = true });
            json.WriteEndArray();
        }

        using var list = JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { AllowDuplicateProperties = false });

        Assert.Equal([false, true], list.RootElement.EnumerateArray().Select(i => i.GetProperty("enabled").GetBoolean()));
    }

    [Fact]
    public void An_answer_put_again_is_the_same_manifest()
    {
        var manifest = Manifests.Accept(Manifests.WithWebhooks(""" "t":{"endpoint":"https://x/"} """));

        var again = Manifests.Accept(Write(manifest, Facts with { Enabled = true }));

        Assert.Equal(manifest.Webhooks.Keys, again.Webhooks.Keys);
        Assert.Equal("""{"enabled":true,""" + Manifests.JsonOf(manifest)[1..], Manifests.JsonOf(again));
    }

    private static string Write(Manifest manifest, InstallFacts facts)
    {
        var output = new ArrayBufferWriter<byte>();
        InstallWriter.WriteInstall(output, manifest, facts);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
