using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sealpost.Cli.Help;

/// <summary>The help of a verb, with the lines that people would type at its end.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>Replaces the help option of <paramref name="root"/>, and with it that of each of its verbs.</summary>
    public static void GiveTo(RootCommand root)
    {
        // One name and one letter: what else means help would stand in every completion.
        var option = new HelpOption("--help", "-h");
        option.Action = new HelpWithExamples((SynchronousCommandLineAction)option.Action!);
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(option);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        var lines = Examples.Of(CommandLine.Path(parseResult.CommandResult.Command));
        if (lines.Count == 0)
        {
            return exitCode;
        }

        var writer = parseResult.InvocationConfiguration.Output;
        writer.WriteLine(lines.Count == 1 ? "Example:" : "Examples:");
        foreach (var line in lines)
        {
            writer.WriteLine("  " + line);
        }

        writer.WriteLine();
        return exitCode;
    }
}
