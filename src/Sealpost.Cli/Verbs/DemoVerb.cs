using System.CommandLine;
using Sealpost.Cli.Demo;
using Spectre.Console;

namespace Sealpost.Cli.Verbs;

/// <summary><c>demo</c>: a guided tour that starts a service of its own, and ends by itself; exit 1 if anything was wrong.</summary>
internal static class DemoVerb
{
    // contract.md: under 60 s; whatever hangs must not hang the terminal.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(55);

    public static Command Build(Terminal terminal)
    {
        var verb = new Command("demo", "A guided tour in this terminal, in about ten seconds");
        verb.SetAction((_, cancellation) => RunAsync(terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(Terminal terminal, CancellationToken cancellation)
    {
        var console = Output.ConsoleOn(terminal.Out, terminal.OutIsPerson);
        var folder = Directory.CreateTempSubdirectory("sealpost-demo-").FullName;
        using var timeout = new CancellationTokenSource(Longest, terminal.Clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            await using var tour = new Tour(console, terminal.Clock, folder);
            foreach (var chapter in Chapter.All)
            {
                console.WriteLine();
                console.MarkupLine($"[bold]{Markup.Escape(chapter.Title)}[/]");
                await chapter.PlayAsync(tour, ending.Token);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new VerbFailedException($"the demo did not end within {Longest.TotalSeconds} s.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return ExitCode.Ok;
    }
}
