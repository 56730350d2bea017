using System.CommandLine;
using Sealpost.Cli;

namespace Sealpost.Tests.Cli;

public sealed class HelpTests
{
    // What runs on, what prints a script, and what is for people alone.
    private static readonly string[] WithoutJson = ["serve", "demo", "completion"];

    [Fact]
    public async Task An_example_stands_at_the_end_of_the_help()
    {
        var terminal = new MemoryTerminal();

        Assert.Equal(0, await terminal.RunAsync("installs", "rotate", "--help"));
        Assert.EndsWith("Example:\n  sealpost installs rotate CLIENT_ID --overlap 3600 --secret-out app.secret", terminal.Out.ReplaceLineEndings("\n").TrimEnd());
    }

    [Fact]
    public void Everything_has_a_description_and_what_makes_output_makes_JSON_too()
    {
        var root = CommandLine.Root(new Terminal { In = Stream.Null, Out = TextWriter.Null, Error = TextWriter.Null, Variable = _ => null, Clock = TimeProvider.System });

        Assert.All(All(root), verb =>
        {
            Assert.False(string.IsNullOrWhiteSpace(verb.Description), verb.Name);
            Assert.All(verb.Options.Cast<Symbol>().Concat(verb.Arguments), symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), $"{verb.Name} {symbol.Name}"));
            Assert.True(verb.Subcommands.Count > 0 || WithoutJson.Contains(verb.Name) || verb.Options.Any(option => option.Name == "--json"), $"{verb.Name} has no --json");
        });
    }

    [Theory]
    [InlineData("delivries list", "there is no verb 'delivries'. Did you mean `sealpost deliveries`? See `sealpost --help`.")]
    [InlineData("installs lst", "sealpost installs: there is no verb 'lst'. Did you mean `sealpost installs list`? See `sealpost installs --help`.")]
    [InlineData("installs frobnicate", "sealpost installs: there is no verb 'frobnicate'. See `sealpost installs --help`.")]
    [InlineData("accounts create --jsn", "there is no option '--jsn'. Did you mean `--json`? See `sealpost accounts create --help`.")]
    [InlineData("sign --frobnicate", "there is no option '--frobnicate'. See `sealpost sign --help`.")]
    [InlineData("installs --jsn", "there is no option '--jsn'. See `sealpost installs --help`.")]
    [InlineData("replays", "sealpost replays: a verb is missing, one of list, show, cancel. See `sealpost replays --help`.")]
    [InlineData("deliveries list --state lost", "Argument 'lost' not recognized. Must be one of: 'pending' 'delivered' 'dead'. See `sealpost deliveries list --help`.")]
    public async Task Who_mistypes_is_told_in_one_line_what_to_type(string line, string told)
    {
        var terminal = new MemoryTerminal();

        Assert.Equal(2, await terminal.RunAsync(line.Split(' ')));
        Assert.Equal($"sealpost: {told}", terminal.Error.TrimEnd());
    }

    [Fact]
    public async Task What_follows_two_dashes_is_an_argument_and_one_dash_is_standard_input()
    {
        var (dashes, dash) = (new MemoryTerminal(), new MemoryTerminal());

        Assert.Equal(1, await dashes.RunAsync("sign", "--secret-file", "/nowhere/secret", "--", "--body"));
        Assert.Contains("/nowhere/secret", dashes.Error);
        Assert.Equal(1, await dash.RunAsync("sign", "-", "--secret-file", "/nowhere/secret"));
        Assert.Contains("/nowhere/secret", dash.Error);
    }

    private static IEnumerable<Command> All(Command command) => [command, .. command.Subcommands.SelectMany(All)];
}
