using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Mtls;

namespace Sealpost.Cli.Verbs.Certificates;

/// <summary>What came of a test of a p12.</summary>
/// <param name="Status">The endpoint's status; null: it was not reached.</param>
/// <param name="Error">Why it was not reached, in a word; null: it was.</param>
/// <param name="Message">What went wrong, in a line; empty where nothing did.</param>
/// <param name="Milliseconds">How long it took; empty where nobody said.</param>
/// <param name="Body">The endpoint's answer.</param>
internal sealed record TestResult(int? Status, string? Error, string Message, string Milliseconds, string Body)
{
    private const int MaxBodyChars = 2000;
    private const int FirstFailure = 400;

    /// <summary>Why the test failed, and what to do; null: the endpoint took the certificate and the request.</summary>
    public string? Failure =>
        Error is not null ? $"the endpoint was not reached: {Message} [{Error}].{NextStep(Error)}"
        : Status >= FirstFailure ? $"the connection was made, and the endpoint answered {Status}. Look at its answer, and at --method, --body and --content-type."
        : null;

    /// <exception cref="ApiException">The server refused the test itself, the p12 for example.</exception>
    public static TestResult Of(HttpResponseMessage response, byte[] body, DateTimeOffset now, Connection connection)
    {
        var (error, status) = (Header(response, TransportHeaders.Error), Header(response, TransportHeaders.Status));
        if (error is null && status is null && (int)response.StatusCode >= FirstFailure)
        {
            throw ApiException.From(response, body, now, connection);
        }

        var isPassed = response.StatusCode != HttpStatusCode.FailedDependency;
        return new TestResult(
            error is not null ? null : isPassed ? (int)response.StatusCode : int.TryParse(status, CultureInfo.InvariantCulture, out var code) ? code : null,
            error,
            Header(response, TransportHeaders.Message) ?? "",
            Header(response, TransportHeaders.ResponseTime) ?? "",
            error is null ? Encoding.UTF8.GetString(body) : "");
    }

    public Answer ToAnswer()
    {
        var json = new JsonObject
        {
            ["status"] = Status,
            ["error"] = Error,
            ["message"] = Message.Length == 0 ? null : Message,
            ["responseTimeMs"] = long.TryParse(Milliseconds, CultureInfo.InvariantCulture, out var time) ? time : null,
            ["body"] = Body,
        };
        return new Answer(Encoding.UTF8.GetBytes(json.ToJsonString()), Revision: null);
    }

    public IEnumerable<(string Name, string Value)> Fields() =>
    [
        ("status", Status?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ("took", Milliseconds.Length == 0 ? "" : Milliseconds + " ms"),
        ("answer", Printable.Excerpt(Encoding.UTF8.GetBytes(Body), MaxBodyChars)),
    ];

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? Printable.Line(string.Join(' ', values)) : null;

    private static string NextStep(string error) => error switch
    {
        "certificate_rejected" => " It does not want this certificate: ask its owner which issuers and names it trusts.",
        "tls" => " Its own certificate must be valid, for this host, from a known root (or one given with --trust or Egress:TrustedRoots), over TLS 1.2 at least.",
        "egress_denied" => " The service may not reach this address: see Egress:AllowedNetworks and Egress:AllowedPorts.",
        "dns" => " Check the host's name.",
        "refused" or "connect_timeout" => " Check host and port, and firewalls between the service and it.",
        "closed" => " It ended the connection; over TLS 1.3 that is how some endpoints refuse a certificate.",
        _ => "",
    };
}
