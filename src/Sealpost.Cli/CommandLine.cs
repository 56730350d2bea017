using System.CommandLine;
using System.CommandLine.Invocation;
using Sealpost.Cli.Client;
using Sealpost.Cli.Verbs;
using Sealpost.Cli.Verbs.Certificates;
using Sealpost.Cli.Verbs.Installs;
using Sealpost.Cli.Verbs.OAuth;
using Sealpost.Cli.Verbs.Replays;

namespace Sealpost.Cli;

/// <summary>The executable's way: parse, run one verb, and turn what came of it into an exit code: 0 ok, 1 failed, 2 wrong usage.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        // No response files: an argument that starts with @ is an argument.
        var parse = Root(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
        {
            return Refuse(parse, terminal);
        }

        var invocation = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are Program's; the grace time of `serve` is its own.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parse.InvokeAsync(invocation, cancellation);
        }
        catch (Exception exception)
        {
            var failure = Failure.Of(exception);
            await terminal.Error.WriteLineAsync($"sealpost: {failure.Line}");
            return failure.ExitCode;
        }
    }

    private static RootCommand Root(Terminal terminal)
    {
        var client = new ClientVerbs(terminal);
        return new RootCommand("Sealpost delivers a platform's events to its customers' webhooks: signed, in order, durable.")
        {
            ServeVerb.Build(terminal),
            DemoVerb.Build(terminal),
            AccountsVerb.Build(client),
            TokensVerb.Build(client),
            InstallsVerb.Build(client),
            PublishVerb.Build(client),
            DeliveriesVerb.Build(client),
            WhyVerb.Build(client),
            ReplaysVerb.Build(client),
            TailVerb.Build(client),
            AuditVerb.Build(client),
            ListenVerb.Build(terminal),
            SignVerb.Build(terminal),
            VerifyVerb.Build(terminal),
            OAuthVerb.Build(terminal),
            KeysVerb.Build(client),
            CertificatesVerb.Build(client),
            MappingsVerb.Build(client),
            DomainsVerb.Build(client),
            BackupVerb.Build(terminal),
            RestoreVerb.Build(terminal),
            DoctorVerb.Build(terminal),
        };
    }

    private static int Refuse(ParseResult parse, Terminal terminal)
    {
        foreach (var error in parse.Errors)
        {
            terminal.Error.WriteLine($"sealpost: {error.Message}");
        }

        var path = string.Join(' ', Path(parse.CommandResult.Command).Reverse());
        terminal.Error.WriteLine($"See `{path} --help`.");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Path(Command command)
    {
        for (Symbol? symbol = command; symbol is Command; symbol = symbol.Parents.FirstOrDefault())
        {
            yield return symbol is RootCommand ? "sealpost" : symbol.Name;
        }
    }
}
