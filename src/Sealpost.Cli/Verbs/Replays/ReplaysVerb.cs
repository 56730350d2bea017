using System.CommandLine;
using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Replays;

/// <summary><c>replays</c>: the jobs that replay ranges of deliveries.</summary>
internal static class ReplaysVerb
{
    public static Command Build(ClientVerbs client)
    {
        var job = new Argument<string>("job") { Description = "The replay's id, as `deliveries replay` printed it" };
        return ClientVerbs.Group(
            "replays",
            "See how replays of ranges stand, and cancel them",
            client.Verb("list", "List the account's replays, newest first", ListAsync),
            client.Verb(
                "show",
                "Show one replay: how far it is, and what it waits for",
                (call, cancellation) => ShowAsync(call, call.Parse.GetRequiredValue(job), cancellation),
                job),
            client.Verb(
                "cancel",
                "End a running replay; what it has accepted is still sent",
                (call, cancellation) => CancelAsync(call, call.Parse.GetRequiredValue(job), cancellation),
                job));
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount("replay"), cancellation);
        call.Output.Show(answer, () => call.Output.Table(
            ["job", "state", "done", "skipped", "total", "app install", "of", "since", "until", "waits for"],
            answer.Json().Member("items").Items().Select(Row)));
    }

    private static string[] Row(JsonElement job) =>
    [
        job.Text("job"),
        job.Text("state"),
        job.Text("done"),
        job.Text("skipped"),
        job.Text("total"),
        job.Text("client_id"),
        job.Text("deliveryState"),
        job.Text("since"),
        job.Text("until"),
        job.Member("waiting").Text("code"),
    ];

    private static async Task ShowAsync(ClientCall call, string job, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount($"replay/{Uri.EscapeDataString(job)}"), cancellation);
        call.Output.Show(answer, () =>
        {
            var shown = answer.Json();
            call.Output.Fields(shown.Scalars());
            var waiting = shown.Member("waiting");
            call.Output.Fields([("waiting", waiting.Text("code").Length == 0 ? "" : $"{waiting.Text("code")} — {waiting.Text("sentence")}")]);
        });
    }

    private static async Task CancelAsync(ClientCall call, string job, CancellationToken cancellation)
    {
        var answer = await call.Api.PostAsync(call.Api.InAccount($"replay/{Uri.EscapeDataString(job)}/cancel"), body: null, cancellation);
        call.Output.Show(answer, () => call.Output.Line($"{job} is cancelled: {answer.Json().Text("done")} were replayed."));
    }
}
