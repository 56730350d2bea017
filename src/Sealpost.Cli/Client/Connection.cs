using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.Cli.Client;

/// <summary>Where a client verb talks to, as whom, and about which account. Each value comes from its option,
/// else its environment variable, else the local data directory.</summary>
internal sealed record Connection
{
    /// <summary>The account when neither <c>--account</c> nor <c>SEALPOST_ACCOUNT</c> names one.</summary>
    public const string DefaultAccount = "default";

    // Where `sealpost serve` listens when nobody tells it otherwise.
    private const string DefaultServer = "http://127.0.0.1:8080";

    public required Uri Server { get; init; }

    /// <summary>Null: requests go without, and the server says what it thinks of that.</summary>
    public required Secret? Token { get; init; }

    /// <summary>Where <see cref="Token"/> came from, for whoever is refused with it; null without one.</summary>
    public string? TokenOrigin { get; init; }

    public required AccountId Account { get; init; }

    /// <summary>The local server's own CA, trusted besides the system's roots; null when there is none.</summary>
    public string? CaFile { get; init; }

    public static Connection Resolve(ConnectionFlags flags, Func<string, string?> variable)
    {
        var named = flags.Server ?? variable("SEALPOST_SERVER");
        var server = ParseServer(named ?? LocalUrl(flags.Data) ?? DefaultServer);
        var account = flags.Account ?? variable("SEALPOST_ACCOUNT") ?? DefaultAccount;
        var (token, origin) = ReadToken(flags, variable, server);
        var ca = Path.Combine(flags.Data, "tls", "ca.pem");
        return new Connection
        {
            Server = server,
            Token = token,
            TokenOrigin = origin,
            Account = AccountId.TryParse(account, out var id)
                ? id
                : throw new UsageException($"'{account}' is not an account: 1 to 64 of A-Z a-z 0-9 _ -."),
            CaFile = File.Exists(ca) ? ca : null,
        };
    }

    private static Uri ParseServer(string text)
    {
        var withSlash = text.TrimEnd('/') + "/";
        return Uri.TryCreate(withSlash, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw new UsageException($"'{text}' is not a server: give a URL such as {DefaultServer}.");
    }

    // The running service writes the file; a stale one leads to "is `sealpost serve` running?".
    private static string? LocalUrl(string data)
    {
        var file = Path.Combine(data, "url");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private static (Secret? Token, string? Origin) ReadToken(ConnectionFlags flags, Func<string, string?> variable, Uri server)
    {
        if (flags.TokenFile is { } file)
        {
            return (FromFile(file), file);
        }

        if (variable("SEALPOST_TOKEN") is { } token)
        {
            return (Checked(token, "SEALPOST_TOKEN"), "SEALPOST_TOKEN");
        }

        // The administrator's token of this machine is nobody else's business: it never goes to another host by itself.
        var local = Path.Combine(flags.Data, "admin-token");
        return server.IsLoopback && File.Exists(local) ? (FromFile(local), local) : (null, null);
    }

    private static Secret FromFile(string file) => File.Exists(file)
        ? Checked(SecretFile.Read(file).Reveal(), file)
        : throw new VerbFailedException($"the token file {file} does not exist: `sealpost tokens create --token-out FILE` makes one, the local service's is DIR/admin-token.");

    // What cannot stand in a header is a file of something else; what it holds stays out of the message.
    private static Secret Checked(string text, string origin)
    {
        var token = text.Trim();
        return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
            ? new Secret(token)
            : throw new VerbFailedException($"what is in {origin} is not a token: a token is one line of visible ASCII characters.");
    }
}

/// <summary>The client options as they were typed.</summary>
internal sealed record ConnectionFlags(string? Server, string? TokenFile, string? Account, string Data);
