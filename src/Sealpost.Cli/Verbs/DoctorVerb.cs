using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Sealpost.Cli.Client;
using Sealpost.Cli.Doctor;
using Sealpost.Hosting.Settings;

namespace Sealpost.Cli.Verbs;

/// <summary><c>doctor</c>: looks at what usually goes wrong; exit 1 if anything fails.</summary>
internal static class DoctorVerb
{
    public static Command Build(Terminal terminal)
    {
        var options = new ClientOptions();
        var ready = new Option<bool>("--ready") { Description = "Ask the server alone whether it is ready; cheap enough for a container's health check" };
        var endpoint = new Option<Uri[]>("--endpoint")
        {
            Description = "An https URL that this machine should be able to deliver to; repeatable",
            HelpName = "URL",
            CustomParser = result => [.. result.Tokens.Select(token => Endpoint(token.Value, result))],
        };
        var verb = new Command("doctor", "Check the data directory, settings, disk, store, ports, certificates, the server, the clock, and endpoints") { ready, endpoint };
        foreach (var option in options.All)
        {
            verb.Add(option);
        }

        verb.SetAction(async (parse, cancellation) =>
        {
            var flags = options.Flags(parse);
            var findings = await ExamineAsync(flags, parse.GetValue(ready), parse.GetValue(endpoint) ?? [], terminal, cancellation);
            Report(findings, parse.GetValue(options.Json), terminal);
            return findings.Any(finding => finding.Level == Level.Fail) ? ExitCode.Failed : ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<List<Finding>> ExamineAsync(ConnectionFlags flags, bool serverAlone, Uri[] endpoints, Terminal terminal, CancellationToken cancellation)
    {
        var connection = Connection.Resolve(flags, terminal.Variable);
        var findings = new List<Finding>();
        _ = LocalSettings.TryRead(flags.Data, terminal, out var settings, out _);

        // A server elsewhere has its data directory elsewhere.
        if (connection.Server.IsLoopback && !serverAlone)
        {
            findings.AddRange(await Task.Run(() => LocalChecks.Run(flags.Data, terminal), cancellation));
            findings.AddRange(TlsChecks.Run(flags.Data, settings?.Server, terminal.Clock.GetUtcNow()));
        }

        using var api = new ApiClient(connection, terminal.Clock);
        findings.AddRange(await ServerChecks.RunAsync(api, terminal.Clock, cancellation));
        findings.AddRange(await EndpointChecks.RunAsync(endpoints, settings ?? new SealpostSettings(), terminal.Clock, cancellation));
        return findings;
    }

    private static Uri Endpoint(string text, SymbolResult result)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "https")
        {
            return url;
        }

        result.AddError($"--endpoint: '{text}' is no https URL.");
        return new Uri("https://invalid.");
    }

    private static void Report(IReadOnlyList<Finding> findings, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(findings.Select(finding => new
            {
                level = Word(finding.Level),
                subject = finding.Subject,
                text = finding.Text,
            })));
            return;
        }

        foreach (var finding in findings)
        {
            terminal.Out.WriteLine(Printable.Line($"{Word(finding.Level),-4}  {finding.Subject,-8}  {finding.Text}"));
        }
    }

    private static string Word(Level level) => level switch
    {
        Level.Ok => "ok",
        Level.Warn => "warn",
        Level.Fail => "fail",
    };
}
