namespace Sealpost.Tests.Protocol.Installs;

public sealed class HeaderRulesTests
{
    private const string Headers = "capabilities.webhooks.t.headers";

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Api-Key")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ")]
    [InlineData("Proxy")]
    [InlineData("LPX")]
    [InlineData("x-liveperson")]
    [InlineData("Hosted")]
    [InlineData("TEA")]
    public void A_token_that_nobody_else_uses_is_a_header_name(string name) =>
        Manifests.Accept(Manifests.WithHeaders($$"""[{"header_name":"{{name}}","header_value":"v"}]"""));

    [Theory]
    [InlineData("Host")]
    [InlineData("hOST")]
    [InlineData("Content-Length")]
    [InlineData("content-type")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("EXPECT")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("te")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Authorization")]
    [InlineData("proxy-")]
    [InlineData("LP-forward-url")]
    [InlineData("lp-anything")]
    [InlineData("X-LivePerson-Signature")]
    [InlineData("x-sealpost-attempt")]
    public void A_name_that_the_request_needs_is_refused_however_it_is_written(string name) =>
        Refuse($$"""[{"header_name":"{{name}}","header_value":"v"}]""", "[0].header_name", "refused_name");

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData(":path")]
    [InlineData("a\\r\\nX-Evil")]
    [InlineData("é")]
    [InlineData("a/b")]
    [InlineData("\\\"a\\\"")]
    [InlineData("a\\u0000")]
    [InlineData("Host ")]
    public void A_name_that_is_no_token_is_refused(string name) =>
        Refuse($$"""[{"header_name":"{{name}}","header_value":"v"}]""", "[0].header_name", "token");

    [Theory]
    [InlineData("")]
    [InlineData("a\\tb c")]
    [InlineData("Bärer 😀")]
    public void A_value_without_control_characters_is_taken_as_it_is(string value) =>
        Manifests.Accept(Manifests.WithHeaders($$"""[{"header_name":"a","header_value":"{{value}}"}]"""));

    [Theory]
    [InlineData("a\\r\\nX-Evil: 1")]
    [InlineData("\\n")]
    [InlineData("\\u0000")]
    [InlineData("\\u001b")]
    [InlineData("\\u007f")]
    [InlineData("\\u0085")]
    public void A_value_with_a_control_character_is_refused(string value) =>
        Refuse($$"""[{"header_name":"a","header_value":"{{value}}"}]""", "[0].header_value", "control_character");

    [Theory]
    [InlineData("null", "", "type")]
    [InlineData("{}", "", "type")]
    [InlineData("""["a: b"]""", "[0]", "type")]
    [InlineData("""[{"header_name":"a","header_value":"v"},{"header_value":"v"}]""", "[1].header_name", "required")]
    [InlineData("""[{"header_name":"a"}]""", "[0].header_value", "required")]
    [InlineData("""[{"header_name":1,"header_value":"v"}]""", "[0].header_name", "type")]
    [InlineData("""[{"header_name":"a","header_value":null}]""", "[0].header_value", "type")]
    public void Headers_are_a_list_of_names_and_values(string headers, string member, string rule) => Refuse(headers, member, rule);

    private static void Refuse(string headers, string member, string rule) =>
        Manifests.Refuse(Manifests.WithHeaders(headers), Headers + member, rule);
}
