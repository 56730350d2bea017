using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Domains;

/// <summary>The Domain API (protocol 6).</summary>
public sealed class DomainCallsTests
{
    [Fact]
    public async Task Every_well_formed_account_is_told_where_each_service_is_without_a_token()
    {
        await using var service = await RunningService.StartAsync();

        var one = await service.CallAsync("GET", "/api/account/125634/service/mtlsGateway/baseURI.json?version=1.0", token: "none");
        Assert.Equal((200, "mtlsGateway", "125634"), (one.Status, one.Text("service"), one.Text("account")));
        Assert.Matches(@"^127\.0\.0\.1:\d+$", one.Text("baseURI"));

        var all = (await service.CallAsync("GET", "/api/account/125634/service/baseURI.json?version=1.0", token: "none")).Json.GetProperty("baseURIs");
        Assert.Equal(
            ["mtlsGateway", "accountConfigReadWrite", "agentVep", "asyncMessagingEnt"],
            all.EnumerateArray().Select(answer => answer.GetProperty("service").GetString()));
    }

    [Theory]
    [InlineData("125634/service/mtlsgateway/baseURI.json?version=1.0", 404, "service_unknown")]
    [InlineData("125634/service/mtlsGateway/baseURI.json", 400, "version_invalid")]
    [InlineData("125634/service/baseURI.json?version=2.0", 400, "version_invalid")]
    [InlineData("12%2034/service/baseURI.json?version=1.0", 400, "account_invalid")]
    public async Task A_bad_question_is_told_what_is_wrong(string path, int status, string code)
    {
        await using var service = await RunningService.StartAsync();

        var answer = await service.CallAsync("GET", "/api/account/" + path);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }
}
