using System.CommandLine;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary><c>domains</c>: where an account's services are, as the Domain API says.</summary>
internal static class DomainsVerb
{
    private const string Version = "baseURI.json?version=1.0";

    public static Command Build(ClientVerbs client)
    {
        var service = new Argument<string>("service") { Description = "The service's name, such as mtlsGateway; case sensitive" };
        return ClientVerbs.Group(
            "domains",
            "Show where an account's services are (Domain API)",
            client.Verb("list", "List the account's services with their hosts", ListAsync),
            client.Verb("show", "Print one service's host", (call, cancellation) => ShowAsync(call, call.Parse.GetRequiredValue(service), cancellation), service));
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount("service/" + Version), cancellation);
        call.Output.Show(answer, () => call.Output.Items(answer.Json().Items()));
    }

    private static async Task ShowAsync(ClientCall call, string service, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount($"service/{Uri.EscapeDataString(service)}/{Version}"), cancellation);
        call.Output.Show(answer, () => call.Output.Line(answer.Json().Text("baseURI")));
    }
}
