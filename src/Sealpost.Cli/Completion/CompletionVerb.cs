using System.CommandLine;

namespace Sealpost.Cli.Completion;

/// <summary><c>completion</c>: prints what makes a shell complete this command line. The script asks the program itself at each TAB.</summary>
internal static class CompletionVerb
{
    public static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell" }.AcceptOnlyFromAmong([.. ShellScripts.Shells]);
        var verb = new Command("completion", "Print a script that lets a shell complete verbs, options and their values") { shell };
        verb.SetAction(parse =>
        {
            terminal.Out.Write(ShellScripts.Of(parse.GetRequiredValue(shell)));
            return ExitCode.Ok;
        });
        return verb;
    }
}
