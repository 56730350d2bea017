using System.CommandLine;
using Sealpost.Cli.Client;
using Sealpost.Cli.Completion;
using Sealpost.Cli.Help;
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
        if (WrongUsage.Line(parse) is { } wrong)
        {
            terminal.Error.WriteLine($"sealpost: {wrong}");
            return ExitCode.Usage;
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

    /// <summary>Every verb with its options.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var client = new ClientVerbs(terminal);
        var root = new RootCommand("Sealpost delivers a platform's events to its customers' webhooks: signed, in order, durable.")
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
            CompletionVerb.Build(terminal),
        };
        HelpWithExamples.GiveTo(root);
        Suggestions.GiveTo(root);
        return root;
    }

    /// <summary>The words that call a verb, <c>sealpost</c> first.</summary>
    public static IReadOnlyList<string> Path(Command command)
    {
        var words = new List<string>();
        for (Symbol? symbol = command; symbol is Command; symbol = symbol.Parents.FirstOrDefault())
        {
            words.Insert(0, symbol is RootCommand ? "sealpost" : symbol.Name);
        }

        return words;
    }
}
