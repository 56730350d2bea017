using System.CommandLine;
using Sealpost.Cli.Receiving;
using Sealpost.Hosting;

namespace Sealpost.Cli.Verbs;

/// <summary><c>serve</c>: the whole service in this process, until SIGTERM.</summary>
internal static class ServeVerb
{
    private const string Development = "Development";

    public static Command Build(Terminal terminal)
    {
        var data = new Option<string?>("--data") { Description = "Data directory [data]", HelpName = "DIR" };
        var http = NumberOption.Create("--http", "HTTP port; 0 takes a free one [8080]", "PORT", 0, 65535);
        var https = NumberOption.Create("--https", "HTTPS port; 0 takes a free one [8443]", "PORT", 0, 65535);
        var bind = new Option<string?>("--bind") { Description = "Address to listen on [127.0.0.1]", HelpName = "ADDRESS" };
        var trust = new Option<string[]>("--trust") { Description = "PEM roots trusted for endpoints besides the system's; repeatable", HelpName = "FILE" };
        var environment = new Option<string?>("--environment") { Description = "Production or Development [Production]", HelpName = "NAME" }
            .AcceptOnlyFromAmong("Production", Development);

        var verb = new Command("serve", "Run the service") { data, http, https, bind, trust, environment };
        verb.SetAction((parse, cancellation) => SealpostHost.RunAsync(
            new ServeFlags(
                parse.GetValue(data),
                parse.GetValue(http),
                parse.GetValue(https),
                parse.GetValue(bind),
                [.. parse.GetValue(trust) ?? [], .. parse.GetValue(environment) == Development ? LocalReceivers(terminal) : []],
                parse.GetValue(environment)),
            cancellation));
        return verb;
    }

    // In Development what `listen` receives needs no --trust. A home that cannot be written costs only this comfort.
    private static string[] LocalReceivers(Terminal terminal)
    {
        try
        {
            return [ReceiverAuthority.Open(ReceiverAuthority.DefaultFolder, terminal.Clock.GetUtcNow()).CaFile];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"receivers of `listen` are not trusted: {e.Message}");
            return [];
        }
    }
}
