namespace Sealpost.Tests.Protocol.Installs;

public sealed class ManifestRulesTests
{
    [Theory]
    [InlineData("{}", "required")]
    [InlineData("""{"client_name":null}""", "type")]
    [InlineData("""{"client_name":""}""", "required")]
    public void A_manifest_has_a_client_name(string json, string rule) => Manifests.Refuse(json, "client_name", rule);

    [Theory]
    [InlineData("display_name", 128)]
    [InlineData("description", 256)]
    [InlineData("logo_uri", 1024)]
    [InlineData("entry_uri", 1024)]
    public void A_text_is_not_longer_than_its_bound(string member, int bound)
    {
        Manifests.Accept(Manifests.With($"\"{member}\":\"{new string('x', bound)}\""));
        Manifests.Refuse(Manifests.With($"\"{member}\":\"{new string('x', bound + 1)}\""), member, "max_length");
    }

    [Fact]
    public void A_client_name_has_128_characters_at_most()
    {
        Manifests.Accept($$"""{"client_name":"{{new string('x', 128)}}"}""");
        Manifests.Refuse($$"""{"client_name":"{{new string('x', 129)}}"}""", "client_name", "max_length");
    }

    [Theory]
    [InlineData("display_name", "1")]
    [InlineData("description", "{}")]
    [InlineData("description", "null")]
    [InlineData("grant_types", "\"code\"")]
    [InlineData("redirect_uris", "{}")]
    [InlineData("response_types", "null")]
    [InlineData("scope", "[]")]
    [InlineData("logo_uri", "false")]
    [InlineData("entry_uri", "[]")]
    [InlineData("quick_launch_enabled", "\"true\"")]
    [InlineData("enabled", "1")]
    [InlineData("enabled", "null")]
    [InlineData("capabilities", "[]")]
    public void A_known_member_of_the_wrong_type_is_named(string member, string value) =>
        Manifests.Refuse(Manifests.With($"\"{member}\":{value}"), member, "type");

    [Fact]
    public void An_item_of_the_wrong_type_is_named_with_its_place() =>
        Manifests.Refuse(Manifests.With(""" "redirect_uris":["https://x",3] """), "redirect_uris[1]", "type");

    [Theory]
    [InlineData(""" "webhooks":[] """, "webhooks", "type")]
    [InlineData(""" "delivery":null """, "delivery", "type")]
    [InlineData(""" "delivery":{"signature":"sha256"} """, "delivery.signature", "type")]
    [InlineData(""" "delivery":{"signature":{"algorithm":"md5"}} """, "delivery.signature.algorithm", "choice")]
    [InlineData(""" "delivery":{"signature":{"algorithm":"SHA1"}} """, "delivery.signature.algorithm", "choice")]
    [InlineData(""" "delivery":{"signature":{"algorithm":1}} """, "delivery.signature.algorithm", "type")]
    [InlineData(""" "delivery":{"signature":{"encoding":"base32"}} """, "delivery.signature.encoding", "choice")]
    [InlineData(""" "delivery":{"sealpost_headers":"false"} """, "delivery.sealpost_headers", "type")]
    public void A_capability_out_of_its_choices_is_named(string capabilities, string member, string rule) =>
        Manifests.Refuse(Manifests.With($$""" "capabilities":{{{capabilities}}} """), $"capabilities.{member}", rule);

    [Theory]
    [InlineData(""" "ms.X":{} """, "ms.X.endpoint", "required")]
    [InlineData(""" "delivery":{"signature":{}} """, "delivery.endpoint", "required")]
    [InlineData(""" "ms.X":{"endpoint":null} """, "ms.X.endpoint", "type")]
    [InlineData(""" "ms.X":"https://x/" """, "ms.X", "type")]
    [InlineData(""" "ms.X":null """, "ms.X", "type")]
    [InlineData(""" "":{"endpoint":"https://x/"} """, "", "event_type")]
    [InlineData(""" "a\nb":{"endpoint":"https://x/"} """, "a\nb", "event_type")]
    [InlineData(""" "retry":null """, "retry", "type")]
    [InlineData(""" "retry":{} """, "retry.retention_time", "required")]
    public void A_webhook_is_an_object_with_an_endpoint(string webhooks, string member, string rule) =>
        Manifests.Refuse(Manifests.WithWebhooks(webhooks), $"capabilities.webhooks.{member}", rule);

    [Theory]
    [InlineData("0", null)]
    [InlineData("5", null)]
    [InlineData("6", "range")]
    [InlineData("-1", "range")]
    [InlineData("99999999999999999999", "range")]
    [InlineData("2.0", "integer")]
    [InlineData("1e0", "integer")]
    [InlineData("\"3\"", "type")]
    [InlineData("null", "type")]
    [InlineData("true", "type")]
    public void Max_retries_is_an_integer_from_0_to_5(string value, string? rule) =>
        Judge($$""" "t":{"endpoint":"https://x/","max_retries":{{value}}} """, "t.max_retries", rule);

    [Theory]
    [InlineData("2", null)]
    [InlineData("259200", null)]
    [InlineData("1", "range")]
    [InlineData("0", "range")]
    [InlineData("-2", "range")]
    [InlineData("259201", "range")]
    [InlineData("3.5", "integer")]
    [InlineData("\"60\"", "type")]
    [InlineData("null", "type")]
    public void Retention_time_is_an_integer_of_seconds_from_2_to_three_days(string value, string? rule) =>
        Judge($$""" "retry":{"retention_time":{{value}}} """, "retry.retention_time", rule);

    [Theory]
    [InlineData("https://x", null)]
    [InlineData("HTTPS://X.example/p?q#", "fragment")]
    [InlineData("https://x/#f", "fragment")]
    [InlineData("http://x/", "https")]
    [InlineData("wss://x/", "https")]
    [InlineData("//x/", "https")]
    [InlineData("/path", "https")]
    [InlineData("https:/x/", "https")]
    [InlineData("https:x", "https")]
    [InlineData("", "https")]
    [InlineData("https://", "host")]
    [InlineData("https:///path", "host")]
    [InlineData("https://?q", "host")]
    [InlineData("https://:443/", "host")]
    [InlineData("https://user@x/", "userinfo")]
    [InlineData("https://user:pass@x/", "userinfo")]
    [InlineData("https://@x/", "userinfo")]
    [InlineData("https://x/@y?a@b", null)]
    [InlineData("https://x:1/", null)]
    [InlineData("https://x:65535/", null)]
    [InlineData("https://x:0/", "port")]
    [InlineData("https://x:65536/", "port")]
    [InlineData("https://x:999999999999/", "port")]
    [InlineData("https://x:/", "port")]
    [InlineData("https://x:-1/", "port")]
    [InlineData("https://x:8443a/", "port")]
    [InlineData("https://[::1]", null)]
    [InlineData("https://[::1]:8443/", null)]
    [InlineData("https://[::1/", "url")]
    [InlineData("https://a..b/", "url")]
    [InlineData(" https://x/", "url")]
    [InlineData("https://x/ y", "url")]
    [InlineData("https://x\\\\y/", "url")]
    [InlineData("https://x/\\n", "url")]
    [InlineData("https://x/\\u007f", "url")]
    [InlineData("https://bücher.example/", "url")]
    public void An_endpoint_is_an_absolute_https_url(string endpoint, string? rule) =>
        Judge($$""" "t":{"endpoint":"{{endpoint}}"} """, "t.endpoint", rule);

    [Fact]
    public void An_endpoint_has_2048_characters_at_most()
    {
        var longest = "https://x/".PadRight(2048, 'p');

        Judge($$""" "t":{"endpoint":"{{longest}}"} """, "t.endpoint", null);
        Judge($$""" "t":{"endpoint":"{{longest}}p"} """, "t.endpoint", "max_length");
    }

    private static void Judge(string webhooks, string member, string? rule)
    {
        if (rule is null)
            Manifests.Accept(Manifests.WithWebhooks(webhooks));
        else
            Manifests.Refuse(Manifests.WithWebhooks(webhooks), $"capabilities.webhooks.{member}", rule);
    }
}
