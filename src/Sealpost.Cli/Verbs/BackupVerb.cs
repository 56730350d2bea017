using System.CommandLine;
using System.Text.Json;
using Sealpost.Hosting.Backups;
using Sealpost.Publishing;

namespace Sealpost.Cli.Verbs;

/// <summary><c>backup FILE</c>: the data directory's store as one file, whether or not its service runs.</summary>
internal static class BackupVerb
{
    public static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The backup's file, such as sealpost-2026-11-28.tar" };
        var data = new Option<string>("--data") { Description = "Data directory of the local service", HelpName = "DIR", DefaultValueFactory = _ => "data" };
        var withKeys = new Option<bool>("--with-keys") { Description = "Put master.key, admin-token and tls/ in too: who has the file then has everything" };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there" };
        var json = new Option<bool>("--json") { Description = "Print JSON" };

        var verb = new Command("backup", "Write the store to one file, while the service runs or not") { file, data, withKeys, force, json };
        verb.SetAction(async (parse, cancellation) =>
        {
            var folder = parse.GetRequiredValue(data);
            var request = new BackupRequest
            {
                Data = folder,
                File = parse.GetRequiredValue(file),
                WithKeys = parse.GetValue(withKeys),
                Replace = parse.GetValue(force),
                // The service says what is wrong with its settings; a backup is made all the same.
                DiskReserveBytes = (LocalSettings.TryRead(folder, terminal, out var settings, out _) ? settings.Limits : new LimitOptions()).DiskReserveBytes,
                Time = terminal.Clock,
            };
            var manifest = await LocalProgress.RunAsync(terminal, parse.GetValue(json), progress => StoreBackup.Make(request, progress, cancellation));
            Report(new Output(terminal, parse.GetValue(json)), request, manifest);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Report(Output output, BackupRequest request, BackupManifest manifest)
    {
        if (output.Json)
        {
            output.Line(JsonSerializer.Serialize(
                new { file = Path.GetFullPath(request.File), manifest.Version, manifest.Schema, manifest.MadeAt, manifest.WithKeys, manifest.Parts, manifest.Omitted },
                JsonSerializerOptions.Web));
            return;
        }

        output.Line($"{request.File}: {manifest.Parts.Sum(part => part.Bytes) >> 20:N0} MiB in {manifest.Parts.Count} files, schema {manifest.Schema}, checked");
        foreach (var omitted in manifest.Omitted)
        {
            output.Note($"{omitted} could not be read and is not in it: the history of that day's attempts is lost, nothing that is owed.");
        }

        output.Note(manifest.WithKeys
            ? "The keys are in it: who has this file can read every secret. Keep it as you would the master key."
            : "The master key is not in it, and secrets in it are sealed with that key: keep master.key (or SEALPOST_MASTER_KEY) apart, a restore needs it.");
    }
}
