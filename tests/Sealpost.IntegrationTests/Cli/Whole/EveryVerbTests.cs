using System.CommandLine;
using System.Text.Json;
using Sealpost.Cli;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Cli.Whole;

/// <summary>Every verb of the command line against a running service: none is left out, now or later.</summary>
public sealed class EveryVerbTests(EveryVerbTests.OneService one) : IClassFixture<EveryVerbTests.OneService>
{
    public static TheoryData<string> All => [.. Leaves().Select(Words)];

    public static TheoryData<string> DrivenHere => [.. Leaves().Select(Words).Where(words => Drives.ByVerb.GetValueOrDefault(words)?.Good is not null)];

    [Fact]
    public void No_verb_is_left_out()
    {
        var verbs = Leaves().Select(Words).ToList();

        Assert.Empty(verbs.Except(Drives.ByVerb.Keys));
        Assert.Empty(Drives.ByVerb.Keys.Except(verbs));
        Assert.All(Drives.ByVerb, drive => Assert.True(drive.Value.Good is null == drive.Value.Elsewhere is not null, drive.Key));
    }

    [Theory]
    [MemberData(nameof(DrivenHere))]
    public async Task Machines_get_one_piece_of_JSON_and_nothing_else(string verb)
    {
        using var scene = new VerbScene(one.Service);
        var args = await Drives.ByVerb[verb].Good!(scene);
        var run = scene.Run();

        Assert.True(await run.RunAsync([.. verb.Split(' '), .. args, "--json"]) == 0, run.Out + run.Error);
        Assert.NotEqual("{}", JsonElement.Parse(run.Out).GetRawText());
        Assert.Empty(run.Error);
    }

    [Theory]
    [MemberData(nameof(DrivenHere))]
    public async Task People_get_words(string verb)
    {
        using var scene = new VerbScene(one.Service);
        var args = await Drives.ByVerb[verb].Good!(scene);
        var run = scene.Run();

        Assert.True(await run.RunAsync([.. verb.Split(' '), .. args]) == 0, run.Out + run.Error);
        Assert.NotEmpty((run.Out + run.Error).Trim());
        Assert.DoesNotContain("sealpost: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Bad_input_is_one_line_and_an_exit_code(string verb)
    {
        using var scene = new VerbScene(one.Service);
        var run = scene.Run();

        var exitCode = await run.RunAsync([.. verb.Split(' '), .. Drives.ByVerb[verb].Bad]);

        Assert.Contains(exitCode, (int[])[ExitCode.Failed, ExitCode.Usage]);
        AssertOneLine(run);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_option_that_is_not_there_is_wrong_usage_and_the_help_is_named(string verb)
    {
        using var scene = new VerbScene(one.Service);
        var run = scene.Run();

        Assert.Equal(ExitCode.Usage, await run.RunAsync([.. verb.Split(' '), "--no-such-option"]));
        AssertOneLine(run);
        Assert.Contains("'--no-such-option'", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"See `sealpost {verb} --help`.", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    private static void AssertOneLine(CommandRun run)
    {
        Assert.StartsWith("sealpost: ", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    private static IEnumerable<Command> Leaves() => LeavesOf(CommandLine.Root(new Terminal
    {
        In = Stream.Null,
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Variable = _ => null,
        Clock = TimeProvider.System,
    }));

    private static IEnumerable<Command> LeavesOf(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(LeavesOf);

    private static string Words(Command leaf) => string.Join(' ', CommandLine.Path(leaf).Skip(1));

    /// <summary>The service, started once: each verb has an account of its own.</summary>
    public sealed class OneService : IAsyncLifetime
    {
        internal RunningService Service { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Service = await RunningService.StartAsync();

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
