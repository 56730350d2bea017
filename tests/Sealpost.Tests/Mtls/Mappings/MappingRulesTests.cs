using System.Text.Json;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Mappings;

namespace Sealpost.Tests.Mtls.Mappings;

public sealed class MappingRulesTests
{
    private static readonly AccountId Acme = AccountId.Parse("125634");
    private static readonly CertificateId Known = new(7);

    private static readonly Mapping Before = new()
    {
        Id = 3,
        Account = Acme,
        Name = "old",
        Service = MtlsService.Idp,
        Url = "https://Old.example/x",
        Target = UrlOf("https://Old.example/x"),
        Certificate = new CertificateId(5),
        Enabled = false,
    };

    [Fact]
    public void A_new_mapping_is_enabled_unless_it_says_otherwise_and_its_url_is_kept_as_given()
    {
        var mapping = Taken("""{"name":"m","serviceId":"2","url":"https://Bank.example:443/x","certificationId":"7"}""");
        Assert.Equal(
            (0L, Acme, "m", MtlsService.Webhooks, "https://Bank.example:443/x", "https://bank.example/x", Known, true),
            (mapping.Id, mapping.Account, mapping.Name, mapping.Service, mapping.Url, mapping.Target.Canonical, mapping.Certificate, mapping.Enabled));
        Assert.False(Taken("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":"7","enable":false}""").Enabled);
    }

    [Theory]
    [InlineData("0", MtlsServiceName.Test)]
    [InlineData("1", MtlsServiceName.Idp)]
    [InlineData("2", MtlsServiceName.Webhooks)]
    public void Ids_and_services_are_taken_as_text_and_as_numbers(string number, string service)
    {
        Assert.Equal(service, Taken($$"""{"name":"m","serviceId":"{{number}}","url":"https://b.example/","certificationId":"7","siteId":"125634"}""").Service.ToString());
        Assert.Equal(service, Taken($$"""{"name":"m","serviceId":{{number}},"url":"https://b.example/","certificationId":7,"siteId":125634}""").Service.ToString());
    }

    [Theory]
    [InlineData("""{"serviceId":"2","url":"https://b.example/","certificationId":"7"}""", "mapping_name_invalid")]
    [InlineData("""{"name":"","serviceId":"2","url":"https://b.example/","certificationId":"7"}""", "mapping_name_invalid")]
    [InlineData("""{"name":"a\nb","serviceId":"2","url":"https://b.example/","certificationId":"7"}""", "mapping_name_invalid")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":"7","siteId":"1"}""", "mapping_site_mismatch")]
    [InlineData("""{"name":"m","url":"https://b.example/","certificationId":"7"}""", "mapping_service_invalid")]
    [InlineData("""{"name":"m","serviceId":"3","url":"https://b.example/","certificationId":"7"}""", "mapping_service_invalid")]
    [InlineData("""{"name":"m","serviceId":"WEBHOOKS","url":"https://b.example/","certificationId":"7"}""", "mapping_service_invalid")]
    [InlineData("""{"name":"m","serviceId":"","url":"https://b.example/","certificationId":"7"}""", "mapping_service_invalid")]
    [InlineData("""{"name":"m","serviceId":"2","certificationId":"7"}""", "mapping_url_invalid")]
    [InlineData("""{"name":"m","serviceId":"2","url":"http://b.example/","certificationId":"7"}""", "mapping_url_invalid")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/"}""", "mapping_certificate_not_found")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":"8"}""", "mapping_certificate_not_found")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":"x"}""", "mapping_certificate_not_found")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":""}""", "mapping_certificate_not_found")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":-7}""", "mapping_certificate_not_found")]
    [InlineData("""{"name":"m","serviceId":"2","url":"https://b.example/","certificationId":7.0}""", "mapping_certificate_not_found")]
    public void What_is_missing_or_wrong_is_named(string json, string code)
    {
        var (mapping, found, sentence) = Read(json, before: null);
        Assert.Null(mapping);
        Assert.Equal(code, found);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_128_characters_at_most()
    {
        string Json(int length) => $$"""{"name":"{{new string('n', length)}}","serviceId":"2","url":"https://b.example/","certificationId":"7"}""";
        Assert.NotNull(Read(Json(128), null).Mapping);
        Assert.Equal("mapping_name_invalid", Read(Json(129), null).Code);
    }

    [Fact]
    public void What_a_change_does_not_name_stays()
    {
        Assert.Equal(Before, Taken("{}", Before));
        Assert.Equal(Before, Taken("""{"name":null,"serviceId":null,"url":null,"certificationId":null,"siteId":null,"enable":null}""", Before));
        Assert.Equal(Before with { Enabled = true }, Taken("""{"enable":true}""", Before));
        Assert.Equal(Before with { Name = "new" }, Taken("""{"name":"new"}""", Before));
        Assert.Equal(Before with { Service = MtlsService.TestService }, Taken("""{"serviceId":"0"}""", Before));
        Assert.Equal(Before with { Url = "https://n.example/", Target = UrlOf("https://n.example/") }, Taken("""{"url":"https://n.example/"}""", Before));
    }

    [Fact]
    public void A_change_may_keep_a_certificate_that_is_gone_and_may_not_take_one()
    {
        Assert.Equal(Before with { Enabled = true }, Taken("""{"enable":true,"certificationId":"5"}""", Before));
        Assert.Equal(Before with { Certificate = Known }, Taken("""{"certificationId":7}""", Before));
        Assert.Equal("mapping_certificate_not_found", Read("""{"certificationId":"6"}""", Before).Code);
    }

    private static Mapping Taken(string json, Mapping? before = null)
    {
        var (mapping, _, sentence) = Read(json, before);
        Assert.True(mapping is not null, sentence);
        return mapping;
    }

    private static (Mapping? Mapping, string Code, string Sentence) Read(string json, Mapping? before) => MappingRules.Read(
        JsonSerializer.Deserialize<MappingWish>(json, JsonSerializerOptions.Web)!, Acme, before, id => id == Known);

    private static ForwardUrl UrlOf(string text)
    {
        Assert.True(ForwardUrl.TryParse(text, out var url, out _));
        return url;
    }

    private static class MtlsServiceName
    {
        public const string Test = nameof(MtlsService.TestService);
        public const string Idp = nameof(MtlsService.Idp);
        public const string Webhooks = nameof(MtlsService.Webhooks);
    }
}
