using System.Globalization;
using System.Text.Json;
using Sealpost.Cli.Client;
using Spectre.Console;

namespace Sealpost.Cli.Verbs.Replays;

/// <summary>Follows a replay's job to its end: with a bar for people.</summary>
internal static class ReplayProgress
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <exception cref="VerbFailedException">The job was cancelled or has failed.</exception>
    public static async Task FollowAsync(ClientCall call, string job, CancellationToken cancellation)
    {
        var answer = call.Terminal.ErrorIsPerson && !call.Output.Json
            ? await WithBarAsync(call, job, cancellation)
            : await UntilOverAsync(call, job, _ => { }, cancellation);
        var over = answer.Json();
        call.Output.Show(answer, () => call.Output.Line($"{job} {over.Text("state")}: {over.Text("done")} replayed, {over.Text("skipped")} skipped"));
        if (over.Text("state") != "done")
        {
            var because = over.Text("error") is { Length: > 0 } error ? $" ({error})" : "";
            throw new VerbFailedException($"the replay {job} is {over.Text("state")}{because}.");
        }
    }

    private static Task<Answer> WithBarAsync(ClientCall call, string job, CancellationToken cancellation) =>
        Output.ConsoleOn(call.Terminal.Error, person: true)
            .Progress()
            .AutoClear(true)
            .StartAsync(progress =>
            {
                var bar = progress.AddTask("replaying");
                return UntilOverAsync(call, job, shown => Show(bar, shown), cancellation);
            });

    private static void Show(ProgressTask bar, JsonElement job)
    {
        bar.IsIndeterminate = job.Text("total").Length == 0;
        bar.MaxValue = Math.Max(1, Number(job, "total"));
        bar.Value = Number(job, "done") + Number(job, "skipped");
        bar.Description = job.Member("waiting").Text("code") is { Length: > 0 } code ? Markup.Escape($"replaying, waits: {code}") : "replaying";
    }

    private static async Task<Answer> UntilOverAsync(ClientCall call, string job, Action<JsonElement> show, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await call.Api.GetAsync(call.Api.InAccount($"replay/{Uri.EscapeDataString(job)}"), cancellation);
            var shown = answer.Json();
            show(shown);
            if (shown.Text("state") != "running")
            {
                return answer;
            }

            await Task.Delay(Look, call.Terminal.Clock, cancellation);
        }
    }

    private static double Number(JsonElement job, string member) =>
        double.TryParse(job.Text(member), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
