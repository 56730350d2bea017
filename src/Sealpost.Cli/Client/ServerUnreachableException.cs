namespace Sealpost.Cli.Client;

/// <summary>No answer came, as the server could not be reached.</summary>
internal sealed class ServerUnreachableException(Uri server, HttpRequestException cause)
    : Exception(Describe(server, cause), cause)
{
    private static string Describe(Uri server, HttpRequestException cause) => cause.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError =>
            $"no secure connection to {server} ({cause.GetBaseException().Message}). For a local server's own certificate give its data directory with --data; a server without TLS is one of http://.",
        _ => $"cannot reach {server} ({cause.GetBaseException().Message}): is it running? Start it with `sealpost serve`, or name another with --server (or --data DIR).",
    };
}
