using FsCheck.Xunit;
using Sealpost.Protocol.Installs;
using Sealpost.Protocol.Signing;

namespace Sealpost.Tests.Protocol.Installs;

public sealed class ManifestReaderTests
{
    [Fact]
    public void A_full_manifest_is_read()
    {
        var manifest = Manifests.Accept("""
            {"client_name":"bot","display_name":"Bot","description":"d","grant_types":["authorization_code"],"redirect_uris":["https://x"],
             "response_types":["code"],"scope":"msg.consumer","logo_uri":"https://x/l.png","entry_uri":"https://x/e","quick_launch_enabled":false,"enabled":false,
             "capabilities":{"engagement":{"design_engagement":true},"delivery":{"signature":{"algorithm":"sha256","encoding":"hex"},"sealpost_headers":false},
              "webhooks":{"z.Last":{"endpoint":"https://A.example:8443/p%2Fq?x=%31","max_retries":5,"headers":[{"header_name":"Authorization","header_value":"Basic\tQQ=="}]},
               "retry":{"retention_time":259200},"a.First":{"endpoint":"https://[::1]/"}}}}
            """);

        Assert.Equal("bot", manifest.ClientName);
        Assert.Equal(["z.Last", "a.First"], manifest.Webhooks.Keys);
        Assert.Equal(TimeSpan.FromDays(3), manifest.RetentionTime);
        Assert.Equal(new SignatureScheme(SignatureAlgorithm.Sha256, SignatureEncoding.Hex), manifest.Signature);
        Assert.False(manifest.SealpostHeaders);
        Assert.False(manifest.Enabled);
        var webhook = manifest.Webhooks["z.Last"];
        Assert.Equal(("z.Last", 5), (webhook.EventType, webhook.MaxRetries));
        Assert.Equal("https://A.example:8443/p%2Fq?x=%31", webhook.Endpoint.OriginalString);
        Assert.Equal([new WebhookHeader("Authorization", "Basic\tQQ==")], webhook.Headers);
        Assert.Null(manifest.Webhooks["a.First"].MaxRetries);
        Assert.Empty(manifest.Webhooks["a.First"].Headers);
    }

    [Fact]
    public void A_manifest_with_a_name_alone_has_the_defaults()
    {
        var manifest = Manifests.Accept("""{"client_name":"app"}""");

        Assert.Empty(manifest.Webhooks);
        Assert.Null(manifest.RetentionTime);
        Assert.Equal(default, manifest.Signature);
        Assert.True(manifest.SealpostHeaders);
        Assert.True(manifest.Enabled);
    }

    [Theory]
    [InlineData(""" "capabilities":{"webhooks":null} """)]
    [InlineData(""" "capabilities":{"engagement":null} """)]
    [InlineData(""" "capabilities":{"engagement":[1]} """)]
    [InlineData(""" "logo_uri":"" """)]
    [InlineData(""" "capabilities":{"webhooks":{"t":{"endpoint":"https://x/","headers":[]}}} """)]
    [InlineData(""" "capabilities":{"delivery":{}} """)]
    [InlineData(""" "capabilities":{"delivery":{"signature":{}}} """)]
    public void The_oddities_of_its_callers_are_accepted(string members) => Manifests.Accept(Manifests.With(members));

    [Fact]
    public void Unknown_members_are_kept_and_the_services_own_are_not()
    {
        const string Json = """
            { "client_id":"i", "client_name":"app", "client_secret":"s","x":{ "a" :1e400,"b":[-0,1152921504606846976] },"client_id_issued_at":1,
              "\u0069d":7,"y\u0022":"\u00e9","client_secret_expires_at":0,"deleted":{}, "capabilities":{"engagement":{"z":null}} }
            """;

        Assert.Equal(
            """{"client_name":"app","x":{ "a" :1e400,"b":[-0,1152921504606846976] },"y\u0022":"\u00e9","capabilities":{"engagement":{"z":null}}}""",
            Manifests.JsonOf(Manifests.Accept(Json)));
    }

    [Fact]
    public void What_is_given_back_reads_as_the_same_manifest()
    {
        var first = Manifests.Accept(Manifests.WithWebhooks(""" "b":{"endpoint":"https://x/","max_retries":0},"retry":{"retention_time":2},"a":{"endpoint":"https://y/"} """));
        var again = ManifestReader.Read(first.Json).Manifest;

        Assert.NotNull(again);
        Assert.Equal(Manifests.JsonOf(first), Manifests.JsonOf(again));
        Assert.Equal(first.Webhooks.Keys, again.Webhooks.Keys);
        Assert.Equal(first.RetentionTime, again.RetentionTime);
    }

    [Fact]
    public void The_client_id_and_secret_of_an_app_that_moves_here_are_given_beside_the_manifest()
    {
        var result = Manifests.Read("""{"client_name":"app","client_id":"i","client_secret":"s"}""");

        Assert.Equal(("i", "s"), (result.ClientId, result.ClientSecret));
        Assert.DoesNotContain("\"s\"", Manifests.JsonOf(result.Manifest!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"client_name":"app"}""")]
    [InlineData("""{"client_name":"app","client_id":5,"client_secret":null}""")]
    public void They_are_null_where_there_is_no_text(string json)
    {
        var result = Manifests.Read(json);

        Assert.NotNull(result.Manifest);
        Assert.Equal((null, null), (result.ClientId, result.ClientSecret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[object Object]")]
    [InlineData("""{"client_name":"a","client_name":"b"}""")]
    [InlineData("""{"client_name":"a","x":{"a":1,"\u0061":2}}""")]
    [InlineData("""{"client_name":"\ud800"}""")]
    [InlineData("""{"client_name":"a"} x""")]
    public void A_manifest_is_strict_json(string json) => Manifests.Refuse(json, "", "json");

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"client_name\"")]
    public void A_manifest_is_an_object(string json) => Manifests.Refuse(json, "", "type");

    [Fact]
    public void All_faults_are_named_at_once_in_order()
    {
        var result = Manifests.Read("""{"client_name":7,"enabled":"yes","capabilities":{"webhooks":{"t":{"max_retries":6}}}}""");

        Assert.Equal(
            ["client_name type", "enabled type", "capabilities.webhooks.t.endpoint required", "capabilities.webhooks.t.max_retries range"],
            result.Errors.Select(e => $"{e.Member} {e.Rule}"));
    }

    [Fact]
    public void A_hostile_manifest_has_no_answer_larger_than_itself()
    {
        var result = Manifests.Read(Manifests.WithWebhooks(string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"{new string('t', 300)}{i}\":1"))));

        Assert.Equal(ManifestReader.MaxErrors, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.InRange(e.Message.Length, 1, 600));
    }

    [Property(MaxTest = 500)]
    public void Arbitrary_bytes_are_answered_and_never_thrown_at(byte[] json)
    {
        var result = ManifestReader.Read(json);

        Assert.Equal(result.Manifest is null, result.Errors.Count > 0);
    }

    [Property(MaxTest = 2000)]
    public void A_damaged_manifest_is_answered_and_never_thrown_at(ushort place, byte damage)
    {
        var json = """{"client_name":"app","enabled":true,"capabilities":{"webhooks":{"t":{"endpoint":"https://x:1/","max_retries":3,"headers":[{"header_name":"a","header_value":"b"}]},"retry":{"retention_time":20}}}}"""u8.ToArray();
        json[place % json.Length] = damage;

        var result = ManifestReader.Read(json);

        Assert.Equal(result.Manifest is null, result.Errors.Count > 0);
    }
}
