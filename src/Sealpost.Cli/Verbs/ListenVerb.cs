using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.AspNetCore.Connections;
using Sealpost.Cli.Receiving;

namespace Sealpost.Cli.Verbs;

/// <summary><c>listen</c>: a receiver to develop against, until the person stops it.</summary>
internal static class ListenVerb
{
    private const int DefaultPort = 9443;
    private const int DefaultStatus = 200;

    public static Command Build(Terminal terminal)
    {
        var port = NumberOption.Create("--port", $"Port; 0 takes a free one [{DefaultPort}]", "PORT", 0, 65535);
        var secret = new Option<string?>("--secret-file") { Description = "File with the client secret, to check signatures; may be made later", HelpName = "FILE" };
        var status = NumberOption.Create("--status", $"Status to answer [{DefaultStatus}]", "N", 200, 599);
        var delay = new Option<string?>("--delay") { Description = "Wait before each answer, such as 00:00:03 or 300ms", HelpName = "TIME" };
        var failRate = NumberOption.Create("--fail-rate", "Share of answers that are 503, 0 to 1 [0]", "RATE", 0d, 1d);
        var certificates = new Option<string?>("--cert-dir") { Description = "Folder of the receiver's own CA, made at the first start", HelpName = "DIR" };
        var clientCa = new Option<string?>("--client-ca") { Description = "PEM roots: demand a client certificate that one of them has issued", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print each notification as a line of JSON" };
        delay.Validators.Add(ValidateDelay);

        var verb = new Command("listen", "Run a local HTTPS receiver that verifies and prints notifications")
        {
            port, secret, status, delay, failRate, certificates, clientCa, json,
        };
        verb.SetAction((parse, cancellation) =>
        {
            var listener = new Listener(
                terminal,
                new ListenPolicy(parse.GetValue(status) ?? DefaultStatus, parse.GetValue(failRate) ?? 0),
                parse.GetValue(secret),
                parse.GetValue(delay) is { } text && Durations.TryParse(text, out var wait) ? wait : TimeSpan.Zero,
                parse.GetValue(json));
            var folder = parse.GetValue(certificates) ?? ReceiverAuthority.DefaultFolder;
            var clients = parse.GetValue(clientCa) is { } roots ? ClientTrust.Read(roots) : null;
            return RunAsync(
                listener, parse.GetValue(port) ?? DefaultPort, ReceiverAuthority.Open(folder, terminal.Clock.GetUtcNow()), clients, terminal, cancellation);
        });
        return verb;
    }

    private static async Task RunAsync(
        Listener listener, int port, ReceiverAuthority authority, ClientTrust? clients, Terminal terminal, CancellationToken cancellation)
    {
        await using var receiver = await StartAsync(listener, port, authority, clients, terminal.Clock);
        listener.Announce(receiver.Url, authority.CaFile);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, terminal.Clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Stopping is how it ends well.
        }
    }

    private static async Task<Receiver> StartAsync(Listener listener, int port, ReceiverAuthority authority, ClientTrust? clients, TimeProvider clock)
    {
        try
        {
            return await Receiver.StartAsync(port, authority, listener.HandleAsync, clock, clients);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new VerbFailedException($"port {port} is taken: give another with --port.");
        }
    }

    private static void ValidateDelay(OptionResult result)
    {
        var text = result.Tokens.SingleOrDefault()?.Value ?? "";
        if (!Durations.TryParse(text, out _))
        {
            result.AddError($"--delay: '{text}' is not a time such as 00:00:03 or 300ms.");
        }
    }
}
