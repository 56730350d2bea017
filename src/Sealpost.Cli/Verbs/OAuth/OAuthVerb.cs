using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Cli.Verbs.OAuth;

/// <summary><c>oauth</c>: signs requests with an app key and checks such signatures, without a server.</summary>
internal static class OAuthVerb
{
    private const int NonceLength = 32;

    public static Command Build(Terminal terminal) => ClientVerbs.Group(
        "oauth", "Sign requests with an app key (OAuth 1.0), and check signatures", Sign(terminal), Verify(terminal));

    private static Command Sign(Terminal terminal)
    {
        var request = new RequestArguments();
        var algorithm = new Option<string>("--algorithm") { Description = "sha1 or sha256", HelpName = "NAME", DefaultValueFactory = _ => "sha1" }
            .AcceptOnlyFromAmong("sha1", "sha256");
        var json = JsonOption.Create();
        var verb = new Command("sign", "Print the Authorization value for a request; it is good once, within 5 minutes") { algorithm, json };
        request.AddTo(verb);
        verb.SetAction(async (parse, cancellation) =>
        {
            var (signed, key) = await request.ReadAsync(parse, terminal, cancellation);
            var method = parse.GetValue(algorithm) == "sha256" ? SignatureMethod.HmacSha256 : SignatureMethod.HmacSha1;
            var nonce = RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);
            var authorization = OAuthSigner.Sign(signed, key, method, terminal.Clock.GetUtcNow(), nonce);
            new Output(terminal, parse.GetValue(json)).Show(new JsonObject { ["authorization"] = authorization }, authorization);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Verify(Terminal terminal)
    {
        var request = new RequestArguments();
        var authorization = new Option<string>("--authorization") { Description = "The Authorization value", Required = true, HelpName = "VALUE" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "Judge the timestamp as of this time [now]", HelpName = "TIME" };
        var json = JsonOption.Create();
        var verb = new Command("verify", "Check a request's Authorization value; exit 0 if it is valid, else 1") { authorization, at, json };
        request.AddTo(verb);
        verb.SetAction(async (parse, cancellation) =>
        {
            var (signed, key) = await request.ReadAsync(parse, terminal, cancellation);
            var now = parse.GetValue(at) ?? terminal.Clock.GetUtcNow();
            return Show(OAuthVerifier.Verify(signed, parse.GetRequiredValue(authorization), _ => key, now), parse.GetValue(json), terminal);
        });
        return verb;
    }

    // Whoever compares the base string with their own sees at once what differs; it holds no secret.
    private static int Show(Verification verification, bool isForMachines, Terminal terminal)
    {
        var output = new Output(terminal, isForMachines);
        if (verification.Kind == VerificationKind.Verified)
        {
            output.Show(new JsonObject { ["valid"] = true }, "valid");
            return ExitCode.Ok;
        }

        output.Show(new JsonObject { ["valid"] = false, ["detail"] = verification.Detail, ["baseString"] = verification.BaseString }, "not valid");
        if (isForMachines)
        {
            return ExitCode.Failed;
        }

        terminal.Error.WriteLine(Printable.Line(verification.Detail));
        if (verification.BaseString is { } baseString)
        {
            terminal.Error.WriteLine($"base string: {Printable.Line(baseString)}");
        }

        return ExitCode.Failed;
    }
}
