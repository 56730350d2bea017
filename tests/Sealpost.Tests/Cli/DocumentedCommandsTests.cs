using System.CommandLine;
using System.Text.RegularExpressions;
using Sealpost.Cli;
using Sealpost.Cli.Help;
using Sealpost.Tests.Architecture;

namespace Sealpost.Tests.Cli;

/// <summary>What the documents and the help say to type can be typed.</summary>
public sealed partial class DocumentedCommandsTests
{
    private const int FewestInDocuments = 30;

    // As the real executable does: no response files.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    private static readonly RootCommand Root = CommandLine.Root(new Terminal
    {
        In = Stream.Null,
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Variable = _ => null,
        Clock = TimeProvider.System,
    });

    [Fact]
    public void Every_command_line_in_the_documents_parses()
    {
        var documents = Repository.Files("*.md").Where(path => path is not "CHANGELOG.md").ToList();
        var found = documents.SelectMany(path => DocumentedCommand.In(path, Repository.Read(path))).ToList();

        Assert.Contains("README.md", documents);
        Assert.Contains("docs/operations.md", documents);
        Assert.True(found.Count >= FewestInDocuments, $"only {found.Count} command lines were found");
        Assert.Empty(found.SelectMany(Complaints));
    }

    [Fact]
    public void Every_example_in_the_help_parses() =>
        Assert.Empty(Examples.All.SelectMany(line => DocumentedCommand.In("help", $"```\n{line}\n```")).SelectMany(Complaints));

    [Fact]
    public void Every_example_belongs_to_a_verb() =>
        Assert.Equal(Examples.All.Order(StringComparer.Ordinal), Leaves(Root).SelectMany(leaf => Examples.Of(CommandLine.Path(leaf))).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("```\nsealpost installs list --frobnicate\n```", 1)]
    [InlineData("```\nsealpost installs show\n```", 1)]
    [InlineData("```\necho '{\"a|b\":1}' | ./run publish - > /tmp/x && ./run tale &\n```", 1)]
    [InlineData("Type `sealpost frobnicate` or `sealpost installs show`, `sealpost.json` and `sealpost installs show a b c`.", 2)]
    [InlineData("```\nsealpost deliveries list --since TIME \\\n  --limit N   # all of them\n./run --environment Development\n./run       the whole service\n```", 0)]
    [InlineData("See `sealpost deliveries …`, `sealpost deliveries show dlv_…` and `./run`.", 0)]
    public void What_cannot_be_typed_is_found(string document, int complaints) =>
        Assert.Equal(complaints, DocumentedCommand.In("document", document).SelectMany(Complaints).Count());

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    // One complaint for each line, not for each word of it.
    private static IEnumerable<string> Complaints(DocumentedCommand command)
    {
        var parse = Root.Parse(command.Words, Configuration);
        var isName = command.IsInText && parse.UnmatchedTokens.Count == 0 && CommandLine.Path(parse.CommandResult.Command).Count == command.Words.Count + 1;
        return isName || parse.Errors.Count == 0 ? [] : [$"{command.Path}: {string.Join(' ', command.Words)}: {parse.Errors[0].Message}"];
    }

    /// <summary>A command line in a document.</summary>
    /// <param name="Path">The document.</param>
    /// <param name="IsInText">In a sentence, where a verb's name alone is meant as a name.</param>
    /// <param name="Words">What stands after the program's name.</param>
    private sealed partial record DocumentedCommand(string Path, bool IsInText, IReadOnlyList<string> Words)
    {
        public static IEnumerable<DocumentedCommand> In(string path, string text)
        {
            var blocks = Block().Matches(text).SelectMany(block => Continued().Replace(block.Groups["code"].Value, " ").Split('\n'));
            var sentences = Inline().Matches(Block().Replace(text, "")).Select(code => Regex.Replace(code.Groups["code"].Value, @"\s+", " ", RegexOptions.None, Patience));
            return [.. blocks.SelectMany(line => Calls(path, false, line)), .. sentences.SelectMany(code => Calls(path, true, code))];
        }

        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

        private static IEnumerable<DocumentedCommand> Calls(string path, bool isInText, string line)
        {
            foreach (var words in Commands(line))
            {
                if (words is ["sealpost" or "./run", .. var rest])
                {
                    // `run` alone and with options is `serve`.
                    var typed = words[0] == "./run" && rest is [] or [['-', ..], ..] ? ["serve", .. rest] : rest;
                    yield return new DocumentedCommand(path, isInText, [.. typed.Where(word => word != "…").Select(Meant)]);
                }
            }
        }

        // Placeholders that stand for a number or a time; others are good as they are.
        private static string Meant(string word) => word switch
        {
            "N" or "PORT" or "SECONDS" => "1",
            "TIME" => "1h",
            _ => word,
        };

        // Blanks part words, and |, & and ; commands; two blanks outside quotes begin a remark, as # does.
        private static IEnumerable<List<string>> Commands(string line)
        {
            List<string> words = [];
            foreach (var token in Token().Matches(Remark().Replace(line, "")).Select(match => match.Value))
            {
                if (token is "|" or "&" or "&&" or "||" or ";" or ">" or "<")
                {
                    yield return words;
                    words = [];
                }
                else
                {
                    words.Add(token.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal));
                }
            }

            yield return words;
        }

        [GeneratedRegex(@"^```[^\n]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Block();

        [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Inline();

        [GeneratedRegex(@"\\\n\s*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Continued();

        [GeneratedRegex(@"(?<=\S)(\s{2,}|\s+\#).*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Remark();

        [GeneratedRegex(@"('[^']*'|""[^""]*""|[^\s'""|&;<>])+|[|&]{1,2}|[;<>]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Token();
    }
}
