using System.CommandLine;

namespace Sealpost.Cli;

/// <summary>What is said to who typed something that does not parse: one line, with what to do next.</summary>
internal static class WrongUsage
{
    // Two slips of the finger; more is another word.
    private const int MostSlips = 2;

    public static string Line(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var path = string.Join(' ', CommandLine.Path(command));
        var wrong = command.Subcommands.Count > 0
            ? Verb(path, command, parse.UnmatchedTokens is [var first, ..] ? first : null)
            : string.Join(' ', parse.Errors.Select(error => Sentence(error.Message)).Distinct());
        return $"{wrong} See `{path} --help`.";
    }

    private static string Verb(string path, Command command, string? typed)
    {
        var subject = command is RootCommand ? "" : path + ": ";
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).ToList();
        if (typed is null)
        {
            return $"{subject}a verb is missing, one of {string.Join(", ", verbs)}.";
        }

        var near = verbs.MinBy(verb => Slips(typed, verb))!;
        return $"{subject}there is no {(typed.StartsWith('-') ? "option" : "verb")} '{Printable.Line(typed)}'."
            + (Slips(typed, near) <= MostSlips ? $" Did you mean `{path} {near}`?" : "");
    }

    // The library's messages have lines and lists of their own.
    private static string Sentence(string message)
    {
        var line = string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return Printable.Line(line is [.., '.' or '?' or '!'] ? line : line + ".");
    }

    // Letters put in, left out or replaced (Levenshtein).
    private static int Slips(string typed, string meant)
    {
        var row = Enumerable.Range(0, meant.Length + 1).ToArray();
        foreach (var (letter, at) in typed.Select((letter, at) => (letter, at)))
        {
            var diagonal = row[0];
            row[0] = at + 1;
            for (var i = 1; i <= meant.Length; i++)
            {
                var slip = meant[i - 1] == letter ? 0 : 1;
                (diagonal, row[i]) = (row[i], Math.Min(Math.Min(row[i], row[i - 1]) + 1, diagonal + slip));
            }
        }

        return row[^1];
    }
}
