using System.CommandLine;
using System.Text.Json;
using Sealpost.Hosting.Backups;

namespace Sealpost.Cli.Verbs;

/// <summary><c>restore FILE</c>: a backup becomes the store of a data directory that no service works on.</summary>
internal static class RestoreVerb
{
    public static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "What `sealpost backup` wrote" };
        var data = new Option<string>("--data") { Description = "Data directory; made where it is absent", HelpName = "DIR", DefaultValueFactory = _ => "data" };
        var force = new Option<bool>("--force") { Description = "Restore over a store that is there; it is kept in DIR/before-restore-TIME" };
        var json = new Option<bool>("--json") { Description = "Print JSON" };

        var verb = new Command("restore", "Put a backup into a data directory") { file, data, force, json };
        verb.SetAction(async (parse, cancellation) =>
        {
            var request = new RestoreRequest { File = parse.GetRequiredValue(file), Data = parse.GetRequiredValue(data), Force = parse.GetValue(force), Time = terminal.Clock };
            var result = await LocalProgress.RunAsync(terminal, parse.GetValue(json), progress => StoreRestore.Make(request, progress, cancellation));
            Report(new Output(terminal, parse.GetValue(json)), request, result);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Report(Output output, RestoreRequest request, RestoreResult result)
    {
        var manifest = result.Manifest;
        if (output.Json)
        {
            output.Line(JsonSerializer.Serialize(
                new { data = Path.GetFullPath(request.Data), manifest.Version, manifest.Schema, manifest.MadeAt, manifest.WithKeys, result.Aside, result.KeyNeeded },
                JsonSerializerOptions.Web));
            return;
        }

        output.Line($"{request.Data}: restored as it was at {manifest.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, schema {manifest.Schema}");
        if (result.Aside is { } aside)
        {
            output.Note($"What was there before is in {aside}: remove it when you need it no more.");
        }

        if (result.KeyNeeded is { } needed)
        {
            output.Note(needed);
        }

        output.Note("What was pending then is delivered again at the next start; receivers tell repeats by the delivery's id.");
    }
}
