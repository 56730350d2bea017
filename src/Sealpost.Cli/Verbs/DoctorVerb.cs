using System.CommandLine;
using System.Text.Json;
using Sealpost.Cli.Client;
using Sealpost.Cli.Doctor;

namespace Sealpost.Cli.Verbs;

/// <summary><c>doctor</c>: looks at what usually goes wrong; exit 1 if anything fails.</summary>
internal static class DoctorVerb
{
    public static Command Build(Terminal terminal)
    {
        var options = new ClientOptions();
        var verb = new Command("doctor", "Check the data directory, the disk, the certificates, the server and the clock");
        var ready = new Option<bool>("--ready") { Description = "Ask the server alone whether it is ready; cheap enough for a container's health check" };
        verb.Add(ready);
        foreach (var option in options.All)
        {
            verb.Add(option);
        }

        verb.SetAction(async (parse, cancellation) =>
        {
            var flags = options.Flags(parse);
            var findings = await ExamineAsync(flags, parse.GetValue(ready), terminal, cancellation);
            Report(findings, parse.GetValue(options.Json), terminal);
            return findings.Any(finding => finding.Level == Level.Fail) ? ExitCode.Failed : ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<List<Finding>> ExamineAsync(ConnectionFlags flags, bool serverAlone, Terminal terminal, CancellationToken cancellation)
    {
        var connection = Connection.Resolve(flags, terminal.Variable);
        var findings = new List<Finding>();
        // A server elsewhere has its data directory elsewhere.
        if (connection.Server.IsLoopback && !serverAlone)
        {
            findings.AddRange(LocalChecks.Run(flags.Data, terminal.Variable));
            findings.AddRange(TlsChecks.Run(flags.Data, terminal.Clock.GetUtcNow()));
        }

        using var api = new ApiClient(connection, terminal.Clock);
        findings.AddRange(await ServerChecks.RunAsync(api, terminal.Clock, cancellation));
        return findings;
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
            terminal.Out.WriteLine(Printable.Line($"{Word(finding.Level),-4}  {finding.Subject,-6}  {finding.Text}"));
        }
    }

    private static string Word(Level level) => level switch
    {
        Level.Ok => "ok",
        Level.Warn => "warn",
        Level.Fail => "fail",
    };
}
