using System.CommandLine;

namespace Sealpost.Cli.Client;

/// <summary>Makes the verbs that talk to a server: gives each the client options, and its run a connected <see cref="ClientCall"/>.</summary>
internal sealed class ClientVerbs(Terminal terminal)
{
    /// <summary>A verb that has verbs of its own.</summary>
    public static Command Group(string name, string description, params Command[] verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Add(verb);
        }

        return group;
    }

    public Command Verb(string name, string description, Func<ClientCall, CancellationToken, Task> run, params Symbol[] symbols)
    {
        var options = new ClientOptions();
        var verb = new Command(name, description);
        foreach (var symbol in symbols)
        {
            Add(verb, symbol);
        }

        foreach (var option in options.All)
        {
            verb.Add(option);
        }

        verb.SetAction(async (parse, cancellation) =>
        {
            using var api = new ApiClient(Connection.Resolve(options.Flags(parse), terminal.Variable), terminal.Clock);
            var output = new Output(terminal, parse.GetValue(options.Json));
            await run(new ClientCall(parse, api, output, terminal), cancellation);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Add(Command verb, Symbol symbol)
    {
        if (symbol is Argument argument)
        {
            verb.Add(argument);
        }
        else
        {
            verb.Add((Option)symbol);
        }
    }
}

/// <summary>One run of a client verb.</summary>
internal sealed record ClientCall(ParseResult Parse, ApiClient Api, Output Output, Terminal Terminal);
