using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Sealpost.Cli;

/// <summary>What is said to who typed something that does not parse: one line, with what to do next.</summary>
internal static class WrongUsage
{
    // Two slips of the finger; more is another word.
    private const int MostSlips = 2;

    /// <summary>Null: it can be run.</summary>
    public static string? Line(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var strays = Strays(parse);
        if (parse.Action is not ParseErrorAction && (strays.Count == 0 || parse.Action != command.Action))
        {
            return null;
        }

        var path = string.Join(' ', CommandLine.Path(command));
        var wrong = strays.Count > 0 ? Options(command, strays)
            : command.Subcommands.Count > 0 ? Verb(path, command, parse.UnmatchedTokens is [var first, ..] ? first : null)
            : string.Join(' ', parse.Errors.Select(error => Sentence(error.Message)).Distinct());
        return $"{wrong} See `{path} --help`.";
    }

    // The library takes a mistyped option for an argument where one is free: `accounts create --jsno` would make an account.
    private static List<string> Strays(ParseResult parse)
    {
        var mayBeAnything = parse.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        var taken = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Where(token => !mayBeAnything.Contains(token));
        return [.. taken.Select(token => token.Value).Concat(parse.UnmatchedTokens).Where(word => word is ['-', _, ..]).Distinct()];
    }

    private static string Options(Command command, List<string> strays)
    {
        var known = command.Options.Select(option => option.Name).Append("--help").ToList();
        return string.Join(' ', strays.Select(stray => $"there is no option '{Printable.Line(stray)}'.{Guess(stray, known, "")}"));
    }

    private static string Verb(string path, Command command, string? typed)
    {
        var subject = command is RootCommand ? "" : path + ": ";
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).ToList();
        return typed is null
            ? $"{subject}a verb is missing, one of {string.Join(", ", verbs)}."
            : $"{subject}there is no verb '{Printable.Line(typed)}'.{Guess(typed, verbs, path + " ")}";
    }

    private static string Guess(string typed, List<string> known, string before)
    {
        var near = known.MinBy(name => Slips(typed, name))!;
        return Slips(typed, near) <= MostSlips ? $" Did you mean `{before}{near}`?" : "";
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
