using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Vault;

namespace Sealpost.Cli.Verbs.Certificates;

/// <summary><c>certificates upload</c>: a new certificate, or another file for one that is there.</summary>
internal static class UploadVerb
{
    public static Command Build(ClientVerbs client)
    {
        var file = CertificatesVerb.P12();
        var name = new Option<string?>("--name") { Description = "The certificate's name; needed for a new one", HelpName = "NAME" };
        var replace = new Option<string?>("--replace") { Description = "The name or id of the certificate that it replaces", HelpName = "CERTIFICATE" };
        var password = new PasswordOption();
        return client.Verb(
            "upload",
            "Upload a p12; with --replace it is used from then on instead of the one before",
            (call, cancellation) => UploadAsync(
                call, call.Parse.GetRequiredValue(file), call.Parse.GetValue(name), call.Parse.GetValue(replace), password, cancellation),
            [file, name, replace, .. password.All]);
    }

    private static async Task UploadAsync(ClientCall call, string file, string? name, string? replace, PasswordOption password, CancellationToken cancellation)
    {
        if (name is null && replace is null)
        {
            throw new UsageException("give --name NAME for a new certificate, or --replace CERTIFICATE. See `sealpost certificates upload --help`.");
        }

        var p12 = await File.ReadAllBytesAsync(file, cancellation);
        var secret = password.Read(call.Parse, call.Terminal);
        var id = replace is null ? null : (await CertificatesVerb.FindAsync(call.Api, replace, cancellation)).Text("id");
        using var form = Form(p12, secret, name, id);
        var request = new HttpRequestMessage(id is null ? HttpMethod.Post : HttpMethod.Put, CertificatesVerb.Path(call.Api, "/by-file")) { Content = form };
        var answer = await call.Api.SendAsync(request, cancellation);
        call.Output.Show(answer, () =>
        {
            var saved = answer.Json().Member("successfulySavedCertificates").Items() is [var first, ..] ? first : default;
            call.Output.Fields([("id", saved.Text("id")), ("name", saved.Text("name")), ("status", saved.Text("status")), ("expires", saved.Text("expirationDate"))]);
            CertificatesVerb.Warn(call.Output, answer.Json());
        });
    }

    private static MultipartFormDataContent Form(byte[] p12, Secret password, string? name, string? id)
    {
        var about = new JsonObject { ["password"] = password.Reveal() };
        if (name is not null)
        {
            about["name"] = name;
        }

        if (id is not null)
        {
            about["id"] = id;
        }

        return new MultipartFormDataContent
        {
            { new ByteArrayContent(p12), "file", "certificate.p12" },
            { new StringContent(about.ToJsonString()), "certificate" },
        };
    }
}
