using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary><c>audit</c>: who changed what, and who was refused.</summary>
internal static class AuditVerb
{
    public static Command Build(ClientVerbs client)
    {
        var since = TimeOption.Create("--since", "At or after: a time, or how long ago, such as 2h");
        var until = TimeOption.Create("--until", "Before: a time, or how long ago");
        var limit = NumberOption.Create("--limit", "At most so many", "N", 1, 500);
        var cursor = new Option<string?>("--cursor") { Description = "Go on where an earlier list ended", HelpName = "CURSOR" };
        var platform = new Option<bool>("--platform") { Description = "What belongs to no account, for the administrator: accounts made and deleted, strangers refused" };
        return client.Verb(
            "audit",
            "Show who changed what in the account and who was refused, newest first",
            (call, cancellation) =>
            {
                var now = call.Terminal.Clock.GetUtcNow();
                return ListAsync(
                    call,
                    call.Parse.GetValue(platform) ? "api/audit" : call.Api.InAccount("audit"),
                    [
                        ("since", TimeOption.Moment(call.Parse.GetValue(since), now)),
                        ("until", TimeOption.Moment(call.Parse.GetValue(until), now)),
                        ("limit", call.Parse.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)),
                        ("cursor", call.Parse.GetValue(cursor)),
                    ],
                    cancellation);
            },
            since,
            until,
            limit,
            cursor,
            platform);
    }

    private static async Task ListAsync(ClientCall call, string path, IEnumerable<(string Name, string? Value)> parameters, CancellationToken cancellation)
    {
        var given = parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        var answer = await call.Api.GetAsync(given.Count == 0 ? path : $"{path}?{string.Join('&', given)}", cancellation);
        call.Output.Show(answer, () =>
        {
            var page = answer.Json();
            call.Output.Table(["at", "who", "act", "target", "outcome", "times", "from", "detail"], page.Member("items").Items().Select(Row));
            if (page.Text("next") is { Length: > 0 } next)
            {
                call.Output.Note($"more: --cursor {next}");
            }
        });
    }

    private static string[] Row(JsonElement act) =>
    [
        act.Text("at"),
        Who(act.Member("actor")),
        act.Text("action"),
        act.Text("target"),
        act.Text("outcome") is "done" and var done ? done : $"{act.Text("outcome")} {act.Text("status")} {act.Text("code")}".TrimEnd(),
        act.Text("times") is "1" ? "" : act.Text("times"),
        act.Text("remoteAddress"),
        act.Text("detail"),
    ];

    private static string Who(JsonElement actor) => string.Join(
        ' ', ((string[])[actor.Text("kind"), actor.Text("name"), actor.Text("id")]).Where(text => text.Length > 0).Distinct());
}
