using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Sealpost.Cli.Completion;

/// <summary>
/// The directive <c>[suggest:POSITION] LINE</c>, behind which the shells' scripts stand: a line for each word that can stand at the
/// position. Options are offered to who has typed their dash; nothing at all means that a file or a free text is wanted.
/// </summary>
internal sealed partial class Suggestions(SuggestDirective directive) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static void GiveTo(RootCommand root)
    {
        var directive = root.Directives.OfType<SuggestDirective>().Single();
        directive.Action = new Suggestions(directive);
    }

    /// <param name="root">The verbs.</param>
    /// <param name="line">What was typed after the program's name, up to the cursor.</param>
    /// <param name="configuration">How the line is parsed.</param>
    public static IEnumerable<string> Of(Command root, string line, ParserConfiguration configuration)
    {
        // The library completes `--state de`, not `--state=de`.
        var spaced = Assignment().Replace(line, " ");
        var typed = spaced[(spaced.LastIndexOf(' ') + 1)..];
        var parse = root.Parse(spaced, configuration);
        if (parse.UnmatchedTokens.Any(word => word != typed))
        {
            return [];
        }

        return parse.GetCompletions(spaced.Length)
            .Select(completion => completion.InsertText ?? completion.Label)
            .Where(word => word.StartsWith(typed, StringComparison.Ordinal))
            .Where(word => typed.StartsWith('-') ? word != "-h" : word.Length > 0 && word[0] != '-');
    }

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        var isInside = int.TryParse(parseResult.GetResult(directive)?.Values.SingleOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position < line.Length;
        foreach (var word in Of(parseResult.RootCommandResult.Command, isInside ? line[..position] : line, parseResult.Configuration))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(word);
        }

        return ExitCode.Ok;
    }

    [GeneratedRegex(@"(?<=(^|\s)--[a-z-]+)=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();
}
