using System.CommandLine;
using System.Security.Cryptography;
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
        var verb = new Command("sign", "Print the Authorization value for a request; it is good once, within 5 minutes") { algorithm };
        request.AddTo(verb);
        verb.SetAction(async (parse, cancellation) =>
        {
            var (signed, key) = await request.ReadAsync(parse, terminal, cancellation);
            var method = parse.GetValue(algorithm) == "sha256" ? SignatureMethod.HmacSha256 : SignatureMethod.HmacSha1;
            var nonce = RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);
            terminal.Out.WriteLine(OAuthSigner.Sign(signed, key, method, terminal.Clock.GetUtcNow(), nonce));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Verify(Terminal terminal)
    {
        var request = new RequestArguments();
        var authorization = new Option<string>("--authorization") { Description = "The Authorization value", Required = true, HelpName = "VALUE" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "Judge the timestamp as of this time [now]", HelpName = "TIME" };
        var verb = new Command("verify", "Check a request's Authorization value; exit 0 if it is valid, else 1") { authorization, at };
        request.AddTo(verb);
        verb.SetAction(async (parse, cancellation) =>
        {
            var (signed, key) = await request.ReadAsync(parse, terminal, cancellation);
            var now = parse.GetValue(at) ?? terminal.Clock.GetUtcNow();
            return Show(OAuthVerifier.Verify(signed, parse.GetRequiredValue(authorization), _ => key, now), terminal);
        });
        return verb;
    }

    // Whoever compares the base string with their own sees at once what differs; it holds no secret.
    private static int Show(Verification verification, Terminal terminal)
    {
        if (verification.Kind == VerificationKind.Verified)
        {
            terminal.Out.WriteLine("valid");
            return ExitCode.Ok;
        }

        terminal.Out.WriteLine("not valid");
        terminal.Error.WriteLine(Printable.Line(verification.Detail));
        if (verification.BaseString is { } baseString)
        {
            terminal.Error.WriteLine($"base string: {Printable.Line(baseString)}");
        }

        return ExitCode.Failed;
    }
}
