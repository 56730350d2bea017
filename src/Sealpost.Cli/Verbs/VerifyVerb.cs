using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Protocol.Signing;

namespace Sealpost.Cli.Verbs;

/// <summary><c>verify</c>: exits 0 when the signature is the body's, else 1.</summary>
internal static class VerifyVerb
{
    public static Command Build(Terminal terminal)
    {
        var file = new Argument<string?>("file") { Description = "The body; standard input when - or left out", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE|-" };
        var secret = new Option<string>("--secret-file") { Description = "File with the client secret", Required = true, HelpName = "FILE" };
        var signature = new Option<string>("--signature") { Description = "The header's value, such as sha1=…", Required = true, HelpName = "VALUE" };
        var json = JsonOption.Create();

        var verb = new Command("verify", "Check a signature; exit 0 if it is valid, else 1") { file, secret, signature, json };
        verb.SetAction(async (parse, cancellation) =>
        {
            var key = SecretFile.Read(parse.GetRequiredValue(secret));
            var body = await InputFile.ReadAsync(parse.GetValue(file), terminal, cancellation);
            var valid = NotificationSignature.Verify(parse.GetRequiredValue(signature), key.Utf8, body);
            new Output(terminal, parse.GetValue(json)).Show(new JsonObject { ["valid"] = valid }, valid ? "valid" : "not valid");
            return valid ? ExitCode.Ok : ExitCode.Failed;
        });
        return verb;
    }
}
