using System.CommandLine;
using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Certificates;

/// <summary><c>certificates</c>: the client certificates that an account's requests are made with.</summary>
internal static class CertificatesVerb
{
    public static Command Build(ClientVerbs client) => ClientVerbs.Group(
        "certificates",
        "List, upload, test and delete client certificates",
        client.Verb("list", "List the account's certificates", ListAsync),
        UploadVerb.Build(client),
        TestVerb.Build(client),
        Delete(client));

    /// <summary>The calls' path; <paramref name="rest"/> such as <c>/by-file</c>.</summary>
    public static string Path(ApiClient api, string rest = "") => $"mtls/account/{api.Connection.Account}/certificates{rest}";

    /// <summary>The argument that is a p12.</summary>
    public static Argument<string> P12() => new("p12") { Description = "The p12 (pfx) file with the certificate, its key and its intermediates", HelpName = "FILE" };

    /// <summary>The certificate that a person named.</summary>
    public static async Task<JsonElement> FindAsync(ApiClient api, string named, CancellationToken cancellation) =>
        Named.Pick((await api.GetAsync(Path(api), cancellation)).Json().Items(), named, "certificate");

    /// <summary>Tells people what the server wants them to know.</summary>
    public static void Warn(Output output, JsonElement answer)
    {
        foreach (var warning in answer.Member("warnings") is { ValueKind: JsonValueKind.Array } warnings ? warnings.EnumerateArray() : default)
        {
            output.Note("warning: " + warning.Text());
        }
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(Path(call.Api), cancellation);
        call.Output.Show(answer, () => call.Output.Table(
            ["id", "name", "status", "expires"],
            answer.Json().Items().Select(certificate => new[] { certificate.Text("id"), certificate.Text("name"), certificate.Text("status"), certificate.Text("expirationDate") })));
    }

    private static Command Delete(ClientVerbs client)
    {
        var named = new Argument<string>("certificate") { Description = "The certificate's name or id" };
        return client.Verb(
            "delete",
            "Delete a certificate; mappings that name it stay, and their requests fail",
            async (call, cancellation) =>
            {
                var certificate = await FindAsync(call.Api, call.Parse.GetRequiredValue(named), cancellation);
                var answer = await call.Api.DeleteAsync(Path(call.Api, "/" + certificate.Text("id")), revision: null, cancellation);
                call.Output.Show(answer, () =>
                {
                    call.Output.Line($"certificate {certificate.Text("name")} deleted");
                    Warn(call.Output, answer.Json());
                });
            },
            named);
    }
}
