using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Replays;

/// <summary><c>deliveries replay</c>: one delivery that is over, or a range of them as a job of the service's.</summary>
internal sealed class ReplayVerb
{
    private readonly Argument<string?> _id = new("id")
    {
        Description = "The delivery to replay; left out for a range",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _clientId = new("--client-id") { Description = "Replay deliveries of this app install", HelpName = "ID" };
    private readonly Option<string?> _conversation = new("--conversation") { Description = "Only those of this conversation", HelpName = "ID" };
    private readonly Option<string?> _since = TimeOption.Create("--since", "Accepted at or after: a time, or how long ago, such as 2h");
    private readonly Option<string?> _until = TimeOption.Create("--until", "Accepted before: a time, or how long ago; now where it is left out");
    private readonly Option<string?> _state = new Option<string?>("--state") { Description = "dead, delivered or all", HelpName = "STATE" }
        .AcceptOnlyFromAmong("dead", "delivered", "all");

    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until the job is over, and fail unless it is done" };

    public static Command Build(ClientVerbs client)
    {
        var verb = new ReplayVerb();
        var command = client.Verb(
            "replay",
            "Send a delivery again as a new one at the end of its conversation, or a range of them in their order",
            verb.RunAsync,
            verb._id,
            verb._clientId,
            verb._conversation,
            verb._since,
            verb._until,
            verb._state,
            verb._wait);
        command.Validators.Add(verb.Validate);
        return command;
    }

    private Task RunAsync(ClientCall call, CancellationToken cancellation) =>
        call.Parse.GetValue(_id) is { } id ? OneAsync(call, id, cancellation) : RangeAsync(call, cancellation);

    private static async Task OneAsync(ClientCall call, string id, CancellationToken cancellation)
    {
        var answer = await call.Api.PostAsync(call.Api.InAccount($"deliveries/{Uri.EscapeDataString(id)}/replay"), body: null, cancellation);
        call.Output.Show(answer, () => call.Output.Line($"{answer.Json().Text("id")} replays {id}"));
    }

    private async Task RangeAsync(ClientCall call, CancellationToken cancellation)
    {
        var (parse, now) = (call.Parse, call.Terminal.Clock.GetUtcNow());
        var body = new JsonObject
        {
            ["client_id"] = parse.GetValue(_clientId),
            ["since"] = TimeOption.Moment(parse.GetValue(_since), now),
            ["until"] = TimeOption.Moment(parse.GetValue(_until) ?? "0s", now),
            ["state"] = parse.GetValue(_state),
        };
        if (parse.GetValue(_conversation) is { } conversation)
        {
            body["conversation"] = conversation;
        }

        var answer = await call.Api.PostAsync(call.Api.InAccount("replay"), body, cancellation);
        var job = answer.Json().Text("job");
        if (parse.GetValue(_wait))
        {
            await ReplayProgress.FollowAsync(call, job, cancellation);
            return;
        }

        call.Output.Show(answer, () =>
        {
            call.Output.Line(job);
            call.Output.Note($"Follow it with `sealpost replays show {job}`.");
        });
    }

    private void Validate(CommandResult result)
    {
        Option<string?>[] needed = [_clientId, _since, _state];
        Option[] all = [.. needed, _conversation, _until, _wait];
        if (result.GetResult(_id) is { Tokens.Count: > 0 })
        {
            if (Array.Find(all, option => result.GetResult(option) is { Implicit: false }) is { } odd)
            {
                result.AddError($"{odd.Name} is for a range: leave it out, or the id.");
            }
        }
        else if (Array.Find(needed, option => result.GetResult(option) is null) is { } missing)
        {
            result.AddError($"Give a delivery's id, or a range: {missing.Name} is missing.");
        }
    }
}
