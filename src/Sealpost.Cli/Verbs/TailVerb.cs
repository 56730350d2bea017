using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary><c>tail</c>: the account's events as they happen, until the person stops it.</summary>
internal static class TailVerb
{
    public static Command Build(ClientVerbs client) => client.Verb("tail", "Follow the account's attempts, state changes and operational events", FollowAsync);

    private static async Task FollowAsync(ClientCall call, CancellationToken cancellation)
    {
        var stream = new EventStream(call.Api, call.Terminal.Clock, call.Output.Note);
        try
        {
            await foreach (var item in stream.ReadAsync(cancellation))
            {
                call.Terminal.Out.WriteLine(call.Output.Json ? Printable.Line(item.Data) : Sentence(item));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping is how a tail ends well.
        }
    }

    private static string Sentence(SseItem<string> item)
    {
        try
        {
            var members = JsonElement.Parse(item.Data).Scalars().Where(member => member.Value.Length > 0).ToList();
            var at = members.Find(member => member.Name == "at").Value ?? "";
            var rest = members.Where(member => member.Name != "at").Select(member => $"{member.Name}={member.Value}");
            return Printable.Line($"{at,-24} {item.EventType,-12} {string.Join(' ', rest)}");
        }
        catch (JsonException)
        {
            return Printable.Line($"{item.EventType,-12} {item.Data}");
        }
    }
}
