using System.Text.Json;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;
using Sealpost.Vault.HashiCorp;

namespace Sealpost.Tests.Vault.HashiCorp;

/// <summary>The server's answers as security 4 gives them, row by row.</summary>
public sealed class KvAnswersTests
{
    private const string SoftDeleted = """{"data":{"data":null,"metadata":{"deletion_time":"2026-01-01T00:00:00Z","destroyed":false,"version":1}}}""";
    private const string Destroyed = """{"data":{"data":null,"metadata":{"deletion_time":"","destroyed":true,"version":1}}}""";

    [Theory]
    [InlineData(404, """{"errors":[]}""", "Absent", "nothing is kept")]
    [InlineData(404, SoftDeleted, "Deleted", "undeleted")]
    [InlineData(404, Destroyed, "Destroyed", "destroyed")]
    [InlineData(404, """{"warnings":["Invalid path for a versioned K/V secrets engine. See the API docs"]}""", "Refused", "Vault:Mount")]
    [InlineData(404, """{"errors":["no handler for route \"kv/data/x\". route entry not found."]}""", "Refused", "no secrets engine at Vault:Mount")]
    [InlineData(404, """{"errors":["1 error occurred:\n\t* unsupported path\n\n"]}""", "Refused", "no KV engine of version 2")]
    [InlineData(400, """{"errors":["something"]}""", "Refused", "400 (it says: something)")]
    [InlineData(403, """{"errors":["permission denied","invalid token"]}""", "Refused", "Vault:Namespace (it says: permission denied; invalid token)")]
    [InlineData(405, """{"errors":["unsupported operation"]}""", "Refused", "405")]
    [InlineData(412, """{"errors":["required index state not present"]}""", "Unavailable", "not caught up")]
    [InlineData(412, """{"errors":["missing X-Vault-Request header"]}""", "Refused", "Agent or Proxy")]
    [InlineData(429, """{"errors":["request path \"x\": rate limit quota exceeded"]}""", "Unavailable", "rate limit")]
    [InlineData(472, "{}", "Unavailable", "disaster recovery")]
    [InlineData(473, "{}", "Unavailable", "performance standby")]
    [InlineData(500, """{"errors":["internal error"]}""", "Unavailable", "500 (it says: internal error)")]
    [InlineData(501, "{}", "Unavailable", "not initialised")]
    [InlineData(503, """{"errors":["Vault is sealed"]}""", "Unavailable", "sealed or in maintenance (it says: Vault is sealed)")]
    [InlineData(200, """{"data":{"certificate":"a","private_key":"b"}}""", "Refused", "version 2")]
    [InlineData(200, """{"data":{"data":{"certificate":"a"},"metadata":{"version":1}}}""", "Damaged", "certificate and private_key in PEM")]
    [InlineData(200, """{"data":{"data":{"certificate":1,"private_key":2},"metadata":{"version":1}}}""", "Damaged", "certificate and private_key in PEM")]
    public void A_read_is_understood(int status, string body, string verdict, string words)
    {
        var answer = KvAnswers.OfRead(Reply(status, body), "a/7/1");

        Assert.Equal(verdict, answer.Verdict.ToString());
        Assert.Contains(words, answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', answer.Detail);
    }

    [Fact]
    public void A_read_gives_the_key_material()
    {
        var material = TestMaterial.New();
        var body = JsonSerializer.Serialize(new
        {
            data = new
            {
                data = new { certificate = KeyMaterialPem.Certificate(material), ca_chain = KeyMaterialPem.Chain(material), private_key = KeyMaterialPem.PrivateKey(material) },
                metadata = new { version = 1 },
            },
        });

        Assert.Equal(material, KvAnswers.OfRead(Reply(200, body), "a/7/1").Material);
    }

    [Theory]
    [InlineData(200, """{"data":{"version":1},"warnings":["look"]}""", "Done")]
    [InlineData(204, "", "Done")]
    [InlineData(400, """{"errors":["check-and-set parameter did not match the current version"]}""", "Conflict")]
    [InlineData(400, """{"errors":["check-and-set parameter required for this call"]}""", "Refused")]
    [InlineData(403, """{"errors":["permission denied"]}""", "Refused")]
    [InlineData(503, "<html>", "Unavailable")]
    public void A_write_is_understood(int status, string body, string verdict) =>
        Assert.Equal(verdict, KvAnswers.OfWrite(Reply(status, body), "a/7/1").Verdict.ToString());

    [Theory]
    [InlineData(200, """{"initialized":true,"sealed":false,"standby":false}""", null)]
    [InlineData(200, """{"initialized":true,"sealed":false,"standby":true}""", null)]
    [InlineData(429, """{"initialized":true,"sealed":false,"standby":true}""", null)]
    [InlineData(473, """{"initialized":true,"sealed":false,"standby":true}""", null)]
    [InlineData(200, """{"initialized":true,"sealed":true}""", "sealed")]
    [InlineData(200, """{"initialized":false,"sealed":true}""", "not initialised")]
    [InlineData(472, """{"initialized":true,"sealed":false}""", "disaster recovery")]
    [InlineData(474, """{"initialized":true,"sealed":false}""", "cannot reach the active")]
    [InlineData(530, """{"initialized":true,"sealed":false}""", "removed")]
    [InlineData(200, "<html>", "health answered 200")]
    public void Health_is_what_the_body_says(int status, string body, string? outage)
    {
        var answer = KvAnswers.OfHealth(Reply(status, body));

        Assert.Equal(outage is not null, answer.IsOutage);
        Assert.Contains(outage ?? "", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "", 1, "00:00:00")]
    [InlineData(0, "", 2, null)]
    [InlineData(500, "{}", 1, "00:00:01")]
    [InlineData(502, "{}", 2, "00:00:01.5")]
    [InlineData(504, "{}", 3, null)]
    [InlineData(412, """{"errors":["required index state not present"]}""", 1, "00:00:01")]
    [InlineData(412, """{"errors":["missing header"]}""", 1, null)]
    [InlineData(501, "{}", 1, null)]
    [InlineData(503, "{}", 1, null)]
    [InlineData(472, "{}", 1, null)]
    [InlineData(473, "{}", 1, null)]
    [InlineData(403, "{}", 1, null)]
    [InlineData(400, "{}", 1, null)]
    [InlineData(404, "{}", 1, null)]
    public void Only_what_passes_by_itself_is_tried_again(int status, string body, int tries, string? wait) =>
        Assert.Equal(wait is null ? null : TimeSpan.Parse(wait), VaultRetry.Wait(Reply(status, body), tries));

    [Fact]
    public void A_rate_limit_is_waited_for_when_it_is_short()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), VaultRetry.Wait(Reply(429, "{}") with { RetryAfter = TimeSpan.FromSeconds(2) }, 1));
        Assert.Null(VaultRetry.Wait(Reply(429, "{}") with { RetryAfter = TimeSpan.FromSeconds(3) }, 1));
        Assert.Null(VaultRetry.Wait(Reply(429, "{}"), 1));
        Assert.Equal(TimeSpan.FromSeconds(3), KvAnswers.OfRead(Reply(429, "{}") with { RetryAfter = TimeSpan.FromSeconds(3) }, "a").RetryAfter);
    }

    [Fact]
    public void A_slow_server_is_not_asked_a_second_time_inside_a_call() =>
        Assert.Null(VaultRetry.Wait(new VaultReply(0) { Failure = "slow", TimedOut = true }, 1));

    private static VaultReply Reply(int status, string body)
    {
        try
        {
            return new VaultReply(status, JsonElement.Parse(body)) { Failure = status == 0 ? "gone" : null };
        }
        catch (JsonException)
        {
            return new VaultReply(status) { Failure = status == 0 ? "gone" : null };
        }
    }
}
