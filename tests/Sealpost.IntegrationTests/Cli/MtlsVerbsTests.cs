using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Certificates;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Cli;

/// <summary><c>certificates</c>, <c>mappings</c> and <c>domains</c> against a running service.</summary>
public sealed class MtlsVerbsTests : IAsyncLifetime
{
    private RunningService _service = null!;
    private string _p12 = "";
    private string _password = "";

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync();
        _p12 = Write("client.p12", MakeP12());
        _password = Write("password", "p12 password\n"u8.ToArray());
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_certificate_is_uploaded_listed_replaced_and_deleted()
    {
        var upload = await OkAsync("certificates", "upload", _p12, "--name", "bank", "--password-file", _password);
        Assert.Contains("Available", upload.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("p12 password", upload.Out + upload.Error, StringComparison.Ordinal);

        var list = await OkAsync("certificates", "list", "--json");
        var certificate = Assert.Single(JsonDocument.Parse(list.Out).RootElement.EnumerateArray());
        var id = certificate.GetProperty("id").ToString();
        Assert.Contains(id, (await OkAsync("certificates", "list")).Out, StringComparison.Ordinal);

        var soon = Write("soon.p12", MakeP12(days: 10));
        var replaced = await OkAsync("certificates", "upload", soon, "--replace", "bank", "--password-file", _password);
        Assert.Contains(id, replaced.Out, StringComparison.Ordinal);
        Assert.Contains("warning: ", replaced.Error, StringComparison.Ordinal);
        var renamed = await OkAsync("certificates", "upload", _p12, "--replace", id, "--name", "bank 2", "--password-file", _password, "--json");
        Assert.Equal("bank 2", JsonDocument.Parse(renamed.Out).RootElement.GetProperty("successfulySavedCertificates")[0].GetProperty("name").GetString());

        Assert.Contains("bank 2 deleted", (await OkAsync("certificates", "delete", "bank 2")).Out, StringComparison.Ordinal);
        Assert.Equal("[]", (await OkAsync("certificates", "list", "--json")).Out.Trim());
    }

    [Fact]
    public async Task A_password_is_asked_for_at_a_terminal_and_there_alone()
    {
        var nobody = await RunAsync(2, null, "certificates", "upload", _p12, "--name", "bank");
        Assert.Contains("--password-file", nobody.Error, StringComparison.Ordinal);
        var both = await RunAsync(2, null, "certificates", "upload", _p12, "--name", "bank", "--password-file", _password, "--no-password");
        Assert.Contains("not both", both.Error, StringComparison.Ordinal);

        var wrong = await RunAsync(1, _ => "another", "certificates", "upload", _p12, "--name", "bank");
        Assert.Contains("[p12_password_wrong]", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("[p12_password_wrong]", (await RunAsync(1, null, "certificates", "upload", _p12, "--name", "bank", "--no-password")).Error, StringComparison.Ordinal);
        string? question = null;
        await RunAsync(0, asked => (question = asked) is null ? "" : "p12 password", "certificates", "upload", _p12, "--name", "bank");
        Assert.Contains("Password", question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_says_what_to_do_next()
    {
        async Task FailsAsync(int exit, string says, params string[] args) =>
            Assert.Contains(says, (await RunAsync(exit, null, args)).Error, StringComparison.Ordinal);
        await FailsAsync(2, "--replace", "certificates", "upload", _p12, "--password-file", _password);
        await FailsAsync(1, "nofile.p12", "certificates", "upload", "nofile.p12", "--name", "bank", "--password-file", _password);
        await FailsAsync(1, "no-password-file", "certificates", "upload", _p12, "--name", "bank", "--password-file", "no-password-file");
        await FailsAsync(1, "[p12_invalid]", "certificates", "upload", _password, "--name", "bank", "--password-file", _password);
        await FailsAsync(2, "", "certificates", "upload", _p12, "--name", "bank", "--password", "p12 password");

        // The account comes to be with its first certificate.
        await OkAsync("certificates", "upload", _p12, "--name", "bank", "--password-file", _password);
        await FailsAsync(1, "There are: bank", "certificates", "delete", "bnk");
        await FailsAsync(1, "There are: bank", "certificates", "upload", _p12, "--replace", "bnk", "--password-file", _password);
        await FailsAsync(1, "[certificate_name_taken]", "certificates", "upload", _p12, "--name", "bank", "--password-file", _password);
        await FailsAsync(1, "sealpost certificates list", "mappings", "create", "--name", "m", "--url", "https://bank.example/", "--certificate", "bnk");
        await FailsAsync(1, "[mapping_url_invalid]", "mappings", "create", "--name", "m", "--url", "http://bank.example/", "--certificate", "bank");
        await FailsAsync(2, "", "mappings", "create", "--name", "m", "--url", "https://bank.example/", "--certificate", "bank", "--service", "webhooks");
        await FailsAsync(1, "The account has none: `sealpost mappings create` makes one", "mappings", "enable", "m");
        await FailsAsync(1, "[service_unknown]", "domains", "show", "mtlsgateway");
    }

    [Fact]
    public async Task A_mapping_is_created_switched_listed_and_deleted()
    {
        await OkAsync("certificates", "upload", _p12, "--name", "bank", "--password-file", _password);
        await OkAsync("mappings", "create", "--name", "one", "--url", "https://bank.example/1", "--certificate", "bank");
        await OkAsync("mappings", "create", "--name", "two", "--url", "https://bank.example/2", "--certificate", "bank", "--service", "IDP", "--disabled");
        var table = (await OkAsync("mappings", "list")).Out;
        Assert.Matches(@"one +WEBHOOKS +https://bank\.example/1 +bank +yes", table);
        Assert.Matches(@"two +IDP +https://bank\.example/2 +bank +no", table);

        Assert.Contains("mapping one disabled", (await OkAsync("mappings", "disable", "one")).Out, StringComparison.Ordinal);
        var two = (await ListAsync())[1];
        Assert.Contains("mapping two enabled", (await OkAsync("mappings", "enable", two.GetProperty("id").ToString())).Out, StringComparison.Ordinal);
        Assert.Equal([false, true], (await ListAsync()).Select(mapping => mapping.GetProperty("enable").GetBoolean()));

        var deleted = await OkAsync("certificates", "delete", "bank");
        Assert.Contains("2 mapping(s)", deleted.Error, StringComparison.Ordinal);
        Assert.Contains("(gone)", (await OkAsync("mappings", "list")).Out, StringComparison.Ordinal);
        await OkAsync("mappings", "delete", "one");
        await OkAsync("mappings", "delete", "two");
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_p12_is_tested_on_an_endpoint_whose_answer_is_shown_and_nothing_is_stored()
    {
        await OkAsync("certificates", "upload", _p12, "--name", "bank", "--password-file", _password);
        var body = Write("body", """{"n":1}"""u8.ToArray());
        _service.Receiver.Answering = _ => new Received(200) { Body = "welcome"u8.ToArray() };
        var url = _service.Receiver.Url + "test?x=1";
        var tested = await OkAsync("certificates", "test", _p12, url, "--password-file", _password, "--body", body, "--authorization-file", Write("auth", "Bearer x"u8.ToArray()));
        Assert.Matches(@"status +200", tested.Out);
        Assert.Matches(@"took +\d+ ms", tested.Out);
        Assert.Contains("welcome", tested.Out, StringComparison.Ordinal);
        var request = Assert.Single(_service.Receiver.Requests);
        Assert.Equal(("POST", "/test?x=1", """{"n":1}"""), (request.Method, request.Target, request.Text));
        Assert.Equal(("application/json", "Bearer x"), (request["Content-Type"], request["Authorization"]));

        var got = await OkAsync("certificates", "test", _p12, url, "--password-file", _password, "--method", "GET", "--json");
        Assert.Equal((200, "welcome"), (JsonDocument.Parse(got.Out).RootElement is var json ? (json.GetProperty("status").GetInt32(), json.GetProperty("body").GetString()) : default));
        Assert.Equal("GET", _service.Receiver.Requests[^1].Method);
        Assert.Single(JsonDocument.Parse((await OkAsync("certificates", "list", "--json")).Out).RootElement.EnumerateArray());
    }

    [Fact]
    public async Task A_test_that_fails_says_whether_the_endpoint_answered_or_why_it_was_not_reached()
    {
        await OkAsync("certificates", "upload", _p12, "--name", "bank", "--password-file", _password);
        _service.Receiver.Answering = _ => new Received(405) { Body = "not this way"u8.ToArray() };
        string[] Test(string url, params string[] more) => ["certificates", "test", _p12, url, "--password-file", _password, .. more];
        var answered = await RunAsync(1, null, Test(_service.Receiver.Url.ToString()));
        Assert.Contains("the endpoint answered 405", answered.Error, StringComparison.Ordinal);
        Assert.Contains("not this way", answered.Out, StringComparison.Ordinal);

        var refused = await RunAsync(1, null, Test("https://127.0.0.1:1/", "--json"));
        Assert.Contains("[refused]. Check host and port", refused.Error, StringComparison.Ordinal);
        Assert.Equal("refused", JsonDocument.Parse(refused.Out).RootElement.GetProperty("error").GetString());

        Assert.Contains("[forward_url_invalid]", (await RunAsync(1, null, Test("http://bank.example/"))).Error, StringComparison.Ordinal);
        Assert.Contains("[transport_header_invalid]", (await RunAsync(1, null, Test(_service.Receiver.Url.ToString(), "--method", "BREW"))).Error, StringComparison.Ordinal);
        Assert.Contains("one line of ASCII", (await RunAsync(2, null, Test(_service.Receiver.Url.ToString(), "--content-type", "a\nb"))).Error, StringComparison.Ordinal);
        Assert.Contains("[p12_password_wrong]", (await RunAsync(1, _ => "another", "certificates", "test", _p12, _service.Receiver.Url.ToString())).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_are_listed_and_shown()
    {
        var list = (await OkAsync("domains", "list")).Out;
        Assert.Contains("mtlsGateway", list, StringComparison.Ordinal);
        Assert.Contains("accountConfigReadWrite", list, StringComparison.Ordinal);
        Assert.Matches(@"^\S+:\d+$", (await OkAsync("domains", "show", "mtlsGateway")).Out.Trim());
        var json = JsonDocument.Parse((await OkAsync("domains", "show", "mtlsGateway", "--json")).Out).RootElement;
        Assert.Equal(("mtlsGateway", "acme"), (json.GetProperty("service").GetString(), json.GetProperty("account").GetString()));
    }

    private static byte[] MakeP12(int days = 90)
    {
        using var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow(), new ClientWish { To = TimeSpan.FromDays(days) });
        return P12Files.Of(certificate);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_service.Data, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private async Task<JsonElement[]> ListAsync() => [.. JsonDocument.Parse((await OkAsync("mappings", "list", "--json")).Out).RootElement.EnumerateArray()];

    private Task<CommandRun> OkAsync(params string[] args) => RunAsync(0, null, args);

    private async Task<CommandRun> RunAsync(int exit, Func<string, string>? ask, params string[] args)
    {
        var run = new CommandRun { AskSecret = ask };
        run.Variables["SEALPOST_ACCOUNT"] = "acme";
        Assert.True(await run.RunAsync([.. args, "--data", _service.Data]) == exit, $"{string.Join(' ', args)}: {run.Out}{run.Error}");
        return run;
    }
}
