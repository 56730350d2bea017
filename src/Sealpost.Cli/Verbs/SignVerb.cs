using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Protocol.Signing;

namespace Sealpost.Cli.Verbs;

/// <summary><c>sign</c>: prints the value of <c>x-liveperson-signature</c> for a body.</summary>
internal static class SignVerb
{
    public static Command Build(Terminal terminal)
    {
        var file = new Argument<string?>("file") { Description = "The body; standard input when - or left out", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE|-" };
        var secret = new Option<string>("--secret-file") { Description = "File with the client secret", Required = true, HelpName = "FILE" };
        var algorithm = new Option<string>("--algorithm") { Description = "sha1 or sha256", HelpName = "NAME", DefaultValueFactory = _ => "sha1" }
            .AcceptOnlyFromAmong("sha1", "sha256");
        var encoding = new Option<string>("--encoding") { Description = "base64 or hex", HelpName = "NAME", DefaultValueFactory = _ => "base64" }
            .AcceptOnlyFromAmong("base64", "hex");
        var json = JsonOption.Create();

        var verb = new Command("sign", "Print the signature header's value for a body") { file, secret, algorithm, encoding, json };
        verb.SetAction(async (parse, cancellation) =>
        {
            var scheme = new SignatureScheme(
                parse.GetValue(algorithm) == "sha256" ? SignatureAlgorithm.Sha256 : SignatureAlgorithm.Sha1,
                parse.GetValue(encoding) == "hex" ? SignatureEncoding.Hex : SignatureEncoding.Base64);
            var key = SecretFile.Read(parse.GetRequiredValue(secret));
            var body = await InputFile.ReadAsync(parse.GetValue(file), terminal, cancellation);
            var signature = NotificationSignature.Sign(scheme, key.Utf8, body);
            new Output(terminal, parse.GetValue(json)).Show(new JsonObject { ["signature"] = signature }, signature);
            return ExitCode.Ok;
        });
        return verb;
    }
}
