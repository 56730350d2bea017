using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Cli.Verbs.Certificates;

namespace Sealpost.Cli.Verbs;

/// <summary><c>mappings</c>: which certificate is presented to which endpoint.</summary>
internal static class MappingsVerb
{
    // The place in the list is the number on the wire (protocol 5).
    private static readonly string[] Services = ["TEST_SERVICE", "IDP", "WEBHOOKS"];

    public static Command Build(ClientVerbs client) => ClientVerbs.Group(
        "mappings",
        "List, create and change mappings of endpoints to certificates",
        client.Verb("list", "List the account's mappings", ListAsync),
        Create(client),
        Change(client, "enable", "Enable a mapping", new JsonObject { ["enable"] = true }),
        Change(client, "disable", "Disable a mapping: it is as if it were not there", new JsonObject { ["enable"] = false }),
        Change(client, "delete", "Delete a mapping: requests to its URL go without a certificate", new JsonObject { ["deleted"] = true }));

    private static string Path(ApiClient api) => api.InAccount("configuration/ac-common/mtls?v=3.0");

    private static Command Create(ClientVerbs client)
    {
        var name = new Option<string>("--name") { Description = "The mapping's name", Required = true, HelpName = "NAME" };
        var url = new Option<string>("--url") { Description = "The whole URL, as the app install has it", Required = true, HelpName = "URL" };
        var certificate = new Option<string>("--certificate") { Description = "The certificate's name or id", Required = true, HelpName = "CERTIFICATE" };
        var service = new Option<string>("--service") { Description = "For whose requests: TEST_SERVICE, IDP or WEBHOOKS", HelpName = "SERVICE", DefaultValueFactory = _ => "WEBHOOKS" }
            .AcceptOnlyFromAmong(Services);
        var disabled = new Option<bool>("--disabled") { Description = "Do not use it yet" };
        return client.Verb(
            "create",
            "Have a certificate presented to a URL; webhooks follow within the mapping interval (150 s)",
            async (call, cancellation) =>
            {
                var found = await CertificatesVerb.FindAsync(call.Api, call.Parse.GetRequiredValue(certificate), cancellation);
                var mapping = new JsonObject
                {
                    ["name"] = call.Parse.GetRequiredValue(name),
                    ["url"] = call.Parse.GetRequiredValue(url),
                    ["certificationId"] = found.Text("id"),
                    ["serviceId"] = Array.IndexOf(Services, call.Parse.GetRequiredValue(service)).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ["enable"] = !call.Parse.GetValue(disabled),
                };
                var answer = await call.Api.PostAsync(Path(call.Api), new JsonArray(mapping), cancellation);
                call.Output.Show(answer, () => call.Output.Line($"mapping {call.Parse.GetRequiredValue(name)} created"));
            },
            name,
            url,
            certificate,
            service,
            disabled);
    }

    private static Command Change(ClientVerbs client, string verb, string description, JsonObject change)
    {
        var named = new Argument<string>("mapping") { Description = "The mapping's name or id" };
        return client.Verb(
            verb,
            description,
            async (call, cancellation) =>
            {
                var all = (await call.Api.GetAsync(Path(call.Api), cancellation)).Json().Items();
                var mapping = Named.Pick(all, call.Parse.GetRequiredValue(named), "mapping");
                var wish = change.DeepClone().AsObject();
                wish["id"] = mapping.Text("id");
                var answer = await call.Api.PutAsync(Path(call.Api), new JsonArray(wish), revision: null, cancellation);
                call.Output.Show(answer, () => call.Output.Line($"mapping {mapping.Text("name")} {verb}d"));
            },
            named);
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(Path(call.Api), cancellation);
        if (call.Output.Json)
        {
            call.Output.Show(answer, static () => { });
            return;
        }

        var names = (await call.Api.GetAsync(CertificatesVerb.Path(call.Api), cancellation)).Json().Items()
            .ToDictionary(certificate => certificate.Text("id"), certificate => certificate.Text("name"), StringComparer.Ordinal);
        call.Output.Table(["id", "name", "service", "url", "certificate", "enabled"], answer.Json().Items().Select(mapping => Row(mapping, names)));
    }

    private static string[] Row(JsonElement mapping, Dictionary<string, string> names) =>
    [
        mapping.Text("id"),
        mapping.Text("name"),
        int.TryParse(mapping.Text("serviceId"), out var service) && service < Services.Length ? Services[service] : mapping.Text("serviceId"),
        mapping.Text("url"),
        names.GetValueOrDefault(mapping.Text("certificationId"), $"{mapping.Text("certificationId")} (gone)"),
        mapping.Text("enable"),
    ];
}
