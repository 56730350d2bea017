using System.Net.Http.Headers;
using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Mtls.Certificates;

/// <summary>The calls about certificates (protocol 5), their spellings and their refusals.</summary>
public sealed class CertificateCallsTests : IAsyncLifetime
{
    private const string ExpiresIn90Days = "2026-04-01T00:00:00.000Z";

    private MtlsCalls _calls = null!;

    public async ValueTask InitializeAsync() => _calls = await MtlsCalls.StartAsync();

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    [Fact]
    public async Task An_upload_by_file_answers_with_the_protocols_spellings()
    {
        var answer = await _calls.UploadAsync("125634", _calls.P12(), MtlsCalls.Wish("bank"));
        Assert.Equal((201, "application/json; charset=utf-8"), (answer.Status, answer.ContentType));
        var id = MtlsCalls.Saved(answer)[0].GetProperty("id").GetInt64();
        var shape = $$"""{"id":{{id}},"deleted":false,"name":"bank","displayName":"bank","siteId":"125634","status":"Available","expirationDate":"{{ExpiresIn90Days}}"}""";
        Assert.Equal($$"""{"successfulySavedCertificates":[{{shape}}],"failedSaveToVaultCertificates":[]}""", answer.Body);
        Assert.Equal($"[{shape}]", (await _calls.Host.Call("GET", MtlsCalls.Certificates("125634"))).Body);
        Assert.Equal(shape, (await _calls.Host.Call("GET", $"{MtlsCalls.Certificates("125634")}/{id}")).Body);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_upload_as_json_takes_bytes_signed_or_not_and_one_object_or_a_list(bool areSigned, bool isList)
    {
        var answer = await _calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: Json("bank", _calls.P12(), areSigned, isList));
        Assert.Equal(201, answer.Status);
        Assert.Equal("bank", Assert.Single(MtlsCalls.Saved(answer)).GetProperty("name").GetString());
        Assert.Single(_calls.Vault.Kept);
    }

    [Fact]
    public async Task Several_certificates_come_in_one_call_all_or_nothing()
    {
        string One(string name, byte[] p12) => Json(name, p12, areSigned: false, isList: false);
        var refused = await _calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: $"[{One("a", _calls.P12())},{One("b", [1, 2, 3])}]");
        Assert.Equal((400, "p12_invalid"), (refused.Status, refused.Code));
        Assert.StartsWith("certificate 2 of 2: ", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Empty(_calls.Vault.Kept);

        var twice = await _calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: $"[{One("a", _calls.P12())},{One("a", _calls.P12())}]");
        Assert.Equal((400, "certificate_twice"), (twice.Status, twice.Code));
        Assert.Empty(_calls.Vault.Kept);

        var saved = await _calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: $"[{One("b", _calls.P12())},{One("a", _calls.P12())}]");
        Assert.Equal(["b", "a"], MtlsCalls.Saved(saved).Select(certificate => certificate.GetProperty("name").GetString()));
        var list = await _calls.Host.Call("GET", MtlsCalls.Certificates("acme"));
        Assert.Equal(["a", "b"], list.Json.EnumerateArray().Select(certificate => certificate.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    public async Task A_put_replaces_a_certificate_by_its_id_and_may_rename_it(string idForm)
    {
        var id = await _calls.CertificateAsync("acme", "bank");
        var sent = idForm.Replace("{0}", id.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var answer = await _calls.UploadAsync("acme", _calls.P12(days: 200), $$"""{"id":{{sent}},"password":"{{P12Files.Password}}"}""", "PUT");
        var saved = Assert.Single(MtlsCalls.Saved(answer));
        Assert.Equal((200, id, "bank"), (answer.Status, saved.GetProperty("id").GetInt64(), saved.GetProperty("name").GetString()));
        Assert.Equal("2026-07-20T00:00:00.000Z", saved.GetProperty("expirationDate").GetString());
        Assert.Equal(2, Assert.Single(_calls.Vault.Kept).Version);

        var renamed = await _calls.Host.Call("PUT", MtlsCalls.Certificates("acme"), body: Json("bank 2", _calls.P12(), false, true, id));
        Assert.Equal((200, "bank 2"), (renamed.Status, MtlsCalls.Saved(renamed)[0].GetProperty("name").GetString()));
        Assert.Equal(3, Assert.Single(_calls.Vault.Kept).Version);
    }

    [Fact]
    public async Task A_put_needs_an_id_that_is_there()
    {
        await _calls.CertificateAsync("acme", "bank");
        var without = await _calls.UploadAsync("acme", _calls.P12(), MtlsCalls.Wish("bank"), "PUT");
        Assert.Equal((400, "certificate_id_missing"), (without.Status, without.Code));
        var unknown = await _calls.UploadAsync("acme", _calls.P12(), $$"""{"id":1,"password":"{{P12Files.Password}}"}""", "PUT");
        Assert.Equal((404, "certificate_not_found"), (unknown.Status, unknown.Code));
        foreach (var bad in new[] { "\"x\"", "-1", "1.5", "true", "{}" })
        {
            var malformed = await _calls.UploadAsync("acme", _calls.P12(), $$"""{"id":{{bad}},"password":"{{P12Files.Password}}"}""", "PUT");
            Assert.Equal((400, "certificate_id_invalid"), (malformed.Status, malformed.Code));
        }
    }

    [Fact]
    public async Task A_name_is_unique_in_its_account()
    {
        await _calls.CertificateAsync("acme", "bank");
        var other = await _calls.CertificateAsync("acme", "other");
        var taken = await _calls.UploadAsync("acme", _calls.P12(), MtlsCalls.Wish("bank"));
        Assert.Equal((409, "certificate_name_taken"), (taken.Status, taken.Code));
        var renamed = await _calls.UploadAsync("acme", _calls.P12(), $$"""{"id":{{other}},"name":"bank","password":"{{P12Files.Password}}"}""", "PUT");
        Assert.Equal((409, "certificate_name_taken"), (renamed.Status, renamed.Code));
        await _calls.CertificateAsync("umbrella", "bank");
    }

    [Fact]
    public async Task An_unusable_p12_is_refused_with_its_own_code_and_nothing_is_kept()
    {
        async Task AssertRefused(string code, byte[] p12, string password = P12Files.Password)
        {
            var answer = await _calls.UploadAsync("acme", p12, MtlsCalls.Wish("bank", password));
            Assert.Equal((400, code), (answer.Status, answer.Code));
            Assert.DoesNotContain(password, answer.Body, StringComparison.Ordinal);
        }

        await AssertRefused("p12_password_wrong", _calls.P12(), "another password");
        await AssertRefused("p12_invalid", "no p12"u8.ToArray());
        await AssertRefused("p12_invalid", []);
        await AssertRefused("p12_too_large", new byte[(128 * 1024) + 1]);
        await AssertRefused("certificate_expired", _calls.P12(now => ClientCertificates.EllipticCurve(now, new ClientWish { From = TimeSpan.FromDays(-9), To = TimeSpan.FromDays(-1) })));
        await AssertRefused("certificate_not_yet_valid", _calls.P12(now => ClientCertificates.EllipticCurve(now, new ClientWish { From = TimeSpan.FromDays(1) })));
        await AssertRefused("certificate_usage_wrong", _calls.P12(now => ClientCertificates.EllipticCurve(now, new ClientWish { Usages = [ClientCertificates.ServerUsage] })));
        await AssertRefused("certificate_key_weak", _calls.P12(now => ClientCertificates.Rsa(now, bits: 1024)));
        Assert.Empty(_calls.Vault.Kept);
        Assert.Equal("[]", (await _calls.Host.Call("GET", MtlsCalls.Certificates("acme"))).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData(null)]
    public async Task A_certificate_has_a_name_of_1_to_128_characters(string? name)
    {
        var answer = await _calls.UploadAsync("acme", _calls.P12(), JsonSerializer.Serialize(new { name, password = P12Files.Password }));
        Assert.Equal((400, "certificate_name_invalid"), (answer.Status, answer.Code));
        Assert.Equal(400, (await _calls.UploadAsync("acme", _calls.P12(), MtlsCalls.Wish(new string('n', 129)))).Status);
        Assert.Equal(201, (await _calls.UploadAsync("acme", _calls.P12(), MtlsCalls.Wish(new string('n', 128)))).Status);
    }

    [Fact]
    public async Task A_form_needs_both_fields_once_and_json_needs_bytes()
    {
        async Task AssertInvalid(Task<Answer> call) => Assert.Equal((400, "upload_invalid"), ((await call) is var answer ? (answer.Status, answer.Code) : default));
        await AssertInvalid(_calls.UploadAsync("acme", null, MtlsCalls.Wish("bank")));
        await AssertInvalid(_calls.UploadAsync("acme", _calls.P12(), null));
        using var twice = new MultipartFormDataContent { { new ByteArrayContent(_calls.P12()), "file" }, { new ByteArrayContent(_calls.P12()), "file" } };
        await AssertInvalid(_calls.Host.Send("POST", MtlsCalls.Certificates("acme") + "/by-file", AdminHost.AdministratorSecret, twice));
        foreach (var p12 in new[] { "[256]", "[-129]", "null", "[]" })
        {
            var answer = await _calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: $$"""{"name":"bank","password":"x","p12":{{p12}} }""");
            Assert.Equal((400, p12 == "[]" ? "p12_invalid" : "upload_invalid"), (answer.Status, answer.Code));
        }

        await AssertInvalid(_calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: "[]"));
        Assert.Equal((400, "json_invalid"), ((await _calls.UploadAsync("acme", _calls.P12(), "{")) is var json ? (json.Status, json.Code) : default));
        Assert.Equal((400, "json_invalid"), ((await _calls.Host.Call("POST", MtlsCalls.Certificates("acme"), body: """{"p12":"MIIB"}""")) is var text ? (text.Status, text.Code) : default));
        using var cut = new ByteArrayContent("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc"u8.ToArray());
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        await AssertInvalid(_calls.Host.Send("POST", MtlsCalls.Certificates("acme") + "/by-file", AdminHost.AdministratorSecret, cut));
        var other = await _calls.Host.Call("POST", MtlsCalls.Certificates("acme") + "/by-file", body: "{}");
        Assert.Equal((415, "unsupported_media_type"), (other.Status, other.Code));
    }

    [Fact]
    public async Task Unknown_members_and_fields_are_passed_over()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("x"), "comment" },
            { new StringContent("""{"name":"bank","password":"p12 password","displayName":"B","serviceIds":[1]}"""), "certificate" },
            { new ByteArrayContent(_calls.P12()), "file", "a.p12" },
        };
        Assert.Equal(201, (await _calls.Host.Send("POST", MtlsCalls.Certificates("acme") + "/by-file", AdminHost.AdministratorSecret, form)).Status);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_taken_with_a_warning()
    {
        var answer = await _calls.UploadAsync("acme", _calls.P12(days: 20), MtlsCalls.Wish("bank"));
        Assert.Equal(201, answer.Status);
        Assert.Contains("2026-01-21", Assert.Single(answer.Json.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_says_what_is_available_expired_and_not_in_the_vault()
    {
        await _calls.CertificateAsync("acme", "a", days: 90);
        await _calls.CertificateAsync("acme", "b", days: 2);
        await _calls.CertificateAsync("acme", "c", days: 90);
        _calls.Vault.Lose(_calls.Vault.Kept.OrderBy(place => place.Record).First(place => place.Record == IdOf("c")));
        _calls.Host.Time.Advance(TimeSpan.FromDays(2));
        var list = await _calls.Host.Call("GET", MtlsCalls.Certificates("acme"));
        Assert.Equal(["Available", "Expired", "UnAvailable"], list.Json.EnumerateArray().Select(certificate => certificate.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_vault_that_is_out_refuses_the_upload_and_changes_nothing()
    {
        var id = await _calls.CertificateAsync("acme", "bank");
        _calls.Vault.Trouble = new VaultAnswer(VaultVerdict.Unavailable, "canary detail");
        var answer = await _calls.UploadAsync("acme", _calls.P12(), MtlsCalls.Wish("other"));
        Assert.Equal((503, "vault_unavailable"), (answer.Status, answer.Code));
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Empty(MtlsCalls.Saved(answer));
        Assert.Equal("other", Assert.Single(answer.Json.GetProperty("failedSaveToVaultCertificates").EnumerateArray()).GetProperty("name").GetString());
        Assert.DoesNotContain("canary detail", answer.Body, StringComparison.Ordinal);

        // What was fetched before is still used.
        var list = await _calls.Host.Call("GET", MtlsCalls.Certificates("acme"));
        Assert.Equal((id, "Available"), (Assert.Single(list.Json.EnumerateArray()).GetProperty("id").GetInt64(), list.Json[0].GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_deletion_answers_with_what_is_gone_and_warns_where_mappings_stay()
    {
        var (used, unused) = (await _calls.CertificateAsync("acme", "used"), await _calls.CertificateAsync("acme", "unused"));
        await _calls.MappingAsync("acme", used, "one", "https://bank.example/1");
        await _calls.MappingAsync("acme", used, "two", "https://bank.example/2");

        var warned = await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/{used}");
        Assert.Equal((200, true, "UnAvailable"), (warned.Status, warned.Json.GetProperty("deleted").GetBoolean(), warned.Text("status")));
        Assert.StartsWith("2 mapping(s)", Assert.Single(warned.Json.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await _calls.Host.Call("GET", MtlsCalls.Mappings("acme"))).Json.GetArrayLength());

        var silent = await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/{unused}");
        Assert.False(silent.Json.TryGetProperty("warnings", out _));
        Assert.Equal(404, (await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/{unused}")).Status);
        Assert.Equal(404, (await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/x")).Status);
        Assert.Empty(_calls.Vault.Kept);
    }

    [Fact]
    public async Task An_account_with_a_certificate_is_not_deleted_and_one_of_the_same_name_begins_with_nothing()
    {
        var id = await _calls.CertificateAsync("acme", "bank");
        await _calls.MappingAsync("acme", id, "one", "https://bank.example/");
        var refused = await _calls.Host.Call("DELETE", "/api/accounts/acme");
        Assert.Equal((409, "account_has_certificates"), (refused.Status, refused.Code));

        await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/{id}");
        Assert.Equal(204, (await _calls.Host.Call("DELETE", "/api/accounts/acme")).Status);
        Assert.Equal(404, (await _calls.Host.Call("GET", MtlsCalls.Mappings("acme"))).Status);
        var next = await _calls.CertificateAsync("acme", "bank");
        Assert.Equal("[]", (await _calls.Host.Call("GET", MtlsCalls.Mappings("acme"))).Body);
        await _calls.MappingAsync("acme", next, "one", "https://bank.example/");
    }

    [Fact]
    public async Task An_administrators_upload_makes_the_account_and_a_list_does_not()
    {
        Assert.Equal((404, "account_not_found"), ((await _calls.Host.Call("GET", MtlsCalls.Certificates("new"))) is var list ? (list.Status, list.Code) : default));
        await _calls.CertificateAsync("new", "bank");
        Assert.Equal(200, (await _calls.Host.Call("GET", MtlsCalls.Certificates("new"))).Status);
    }

    private static string Json(string name, byte[] p12, bool areSigned, bool isList, long? id = null)
    {
        var bytes = string.Join(',', p12.Select(value => areSigned ? (sbyte)value : (int)value));
        var one = $$"""{"name":"{{name}}","password":"{{P12Files.Password}}"{{(id is null ? "" : $",\"id\":{id}")}},"p12":[{{bytes}}]}""";
        return isList ? $"[{one}]" : one;
    }

    private long IdOf(string name) =>
        _calls.Host.Get<Sealpost.Mtls.Certificates.CertificateDirectory>().Of(Sealpost.Accounts.AccountId.Parse("acme")).Single(certificate => certificate.Name == name).Id.Value;
}
