using System.CommandLine;
using System.CommandLine.Parsing;
using Sealpost.Cli.Client;
using Sealpost.Cli.Publishing;
using Spectre.Console;

namespace Sealpost.Cli.Verbs;

/// <summary><c>publish</c>: one notification, or a file of them; done when the service has stored them durably.</summary>
internal static class PublishVerb
{
    // contract.md, HTTP: at most 255 visible ASCII characters.
    private const int MaxKeyLength = 255;

    public static Command Build(ClientVerbs client)
    {
        var file = new Argument<string?>("file") { Description = "The notification; standard input when - or left out", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE|-" };
        var ndjson = new Option<bool>("--ndjson") { Description = "One notification a line; also by the file's name (.ndjson, .jsonl)" };
        var eventType = new Option<string?>("--event-type") { Description = "Event type key, instead of the envelope's", HelpName = "KEY" };
        var conversation = new Option<string?>("--conversation") { Description = "Conversation, instead of the envelope's", HelpName = "ID" };
        var key = new Option<string?>("--idempotency-key") { Description = "Publishing again with the same key doubles nothing, for 24 hours", HelpName = "KEY" };
        key.Validators.Add(ValidateKey);

        return client.Verb(
            "publish",
            "Publish notifications",
            (call, cancellation) =>
            {
                var path = call.Parse.GetValue(file);
                var publication = new Publication(
                    call.Parse.GetValue(eventType),
                    call.Parse.GetValue(conversation),
                    call.Parse.GetValue(key) ?? Guid.NewGuid().ToString());
                return call.Parse.GetValue(ndjson) || path is not null && Path.GetExtension(path) is ".ndjson" or ".jsonl"
                    ? PublishLinesAsync(call, path, publication, cancellation)
                    : PublishOneAsync(call, path, publication, cancellation);
            },
            file,
            ndjson,
            eventType,
            conversation,
            key);
    }

    private static async Task PublishOneAsync(ClientCall call, string? path, Publication publication, CancellationToken cancellation)
    {
        var body = await InputFile.ReadAsync(path, call.Terminal, cancellation);
        var answer = await Sending(call).SendAsync(() => publication.One(call.Api, body), cancellation);
        Report(call, answer);
    }

    private static async Task PublishLinesAsync(ClientCall call, string? path, Publication publication, CancellationToken cancellation)
    {
        await using var stream = InputFile.Open(path, call.Terminal);
        var publisher = new NdjsonPublisher(call.Api, Sending(call), publication);
        if (!call.Terminal.ErrorIsPerson || call.Output.Json || !stream.CanSeek)
        {
            Report(call, await publisher.PublishAsync(stream, _ => { }, cancellation));
            return;
        }

        var answer = await Output.ConsoleOn(call.Terminal.Error, person: true)
            .Progress()
            .AutoClear(true)
            .StartAsync(progress =>
            {
                var bar = progress.AddTask("publishing", maxValue: stream.Length);
                return publisher.PublishAsync(stream, bytes => bar.Value = bytes, cancellation);
            });
        Report(call, answer);
    }

    private static PatientSending Sending(ClientCall call) => new(call.Api, call.Terminal.Clock, call.Output.Note);

    private static void Report(ClientCall call, Answer answer) => call.Output.Show(answer, () =>
    {
        var published = answer.Json();
        var owed = published.Text("deliveries");
        call.Output.Line($"accepted {published.Text("accepted")}, deliveries {owed}");
        if (owed == "0")
        {
            call.Output.Note("No app install subscribes to this event type: see `sealpost installs list`.");
        }
        else if (published.Member("ids").Items() is [var id])
        {
            call.Output.Note($"Follow it with `sealpost deliveries list --notification {id.Text()}`.");
        }
    });

    private static void ValidateKey(OptionResult result)
    {
        var key = result.Tokens.SingleOrDefault()?.Value ?? "";
        if (key.Length is 0 or > MaxKeyLength || key.Any(c => c is < '!' or > '~'))
        {
            result.AddError($"--idempotency-key is 1 to {MaxKeyLength} visible ASCII characters.");
        }
    }
}
