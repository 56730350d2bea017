using System.CommandLine;

namespace Sealpost.Cli.Client;

/// <summary>The options that every client verb takes (contract.md, command line).</summary>
internal sealed class ClientOptions
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "The service's URL [SEALPOST_SERVER, else the data directory's]",
        HelpName = "URL",
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the token [SEALPOST_TOKEN, else the data directory's]",
        HelpName = "FILE",
    };

    public Option<string?> Account { get; } = new("--account")
    {
        Description = $"The account [SEALPOST_ACCOUNT, else '{Connection.DefaultAccount}']",
        HelpName = "ACCOUNT",
    };

    public Option<string> Data { get; } = new("--data")
    {
        Description = "Data directory of the local service",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the server's JSON" };

    public IEnumerable<Option> All => [Server, TokenFile, Account, Data, Json];

    public ConnectionFlags Flags(ParseResult parse) =>
        new(parse.GetValue(Server), parse.GetValue(TokenFile), parse.GetValue(Account), parse.GetRequiredValue(Data));
}
