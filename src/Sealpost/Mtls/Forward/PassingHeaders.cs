using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Sealpost.Mtls.Forward;

/// <summary>Which headers pass from one side of the forward to the other (security, P7 and P8). Pure.</summary>
internal static class PassingHeaders
{
    /// <summary>Who forwarded, in <c>Via</c> (RFC 9110 7.6.3); by this a request is known that comes back.</summary>
    public const string Via = "1.1 sealpost-mtls";

    // RFC 9110 7.6.1, and what is about one hop although nothing there says so.
    private static readonly FrozenSet<string> OfOneHop = Names(
        "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Alt-Svc", "Via");

    // Host and length are the platform's to write; Expect was answered here; Authorization opened this call and nothing else.
    private static readonly FrozenSet<string> OfThisCall = Names("Host", "Content-Length", "Expect", "Authorization", "Forwarded", "X-Content-Length");

    // The answer comes from our host: a browser's rules about the endpoint's are not its rules about ours.
    private static readonly FrozenSet<string> OfTheEndpoint = Names("Content-Length", "Strict-Transport-Security", "Public-Key-Pins", "Clear-Site-Data");

    private static readonly FrozenSet<string> OfAFailure = Names("Content-Type", "Content-Encoding", "Content-Language", "Retry-After");

    private static readonly string[] PrefixesOfOneHop = ["Proxy-", TransportHeaders.Prefix];
    private static readonly string[] PrefixesOfThisCall = ["X-Forwarded-", "X-Original-"];

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(c => (char)c).Where(c => c != '\t')]);

    // What the server can write: anything else it refuses with an exception.
    private static readonly SearchValues<char> Writable = SearchValues.Create([.. Enumerable.Range(32, 95).Select(c => (char)c), '\t']);

    /// <summary>Nothing is named.</summary>
    public static readonly IReadOnlySet<string> None = FrozenSet<string>.Empty;

    /// <summary>The names that a message's <c>Connection</c> header makes matters of one hop.</summary>
    public static IReadOnlySet<string> NamedBy(IEnumerable<string?> connection) =>
        connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request's header goes to the endpoint.</summary>
    public static bool PassesOn(string name, IReadOnlySet<string> ofConnection) =>
        !IsOfOneHop(name, ofConnection) && !OfThisCall.Contains(name) && !StartsWithAny(name, PrefixesOfThisCall);

    /// <summary>Whether an answer's header goes to the caller.</summary>
    public static bool PassesBack(string name, IReadOnlySet<string> ofConnection) =>
        !IsOfOneHop(name, ofConnection) && !OfTheEndpoint.Contains(name);

    /// <summary>Whether a header of an answer that is wrapped in a 424 goes to the caller.</summary>
    public static bool PassesBackOfFailure(string name, IReadOnlySet<string> ofConnection) => PassesBack(name, ofConnection) && OfAFailure.Contains(name);

    /// <summary>Whether it is a header at all: what is not would be written as it is, line ends included (security, fact 2).</summary>
    public static bool IsWellFormed(string name, string? value) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters) && !value.AsSpan().ContainsAny(ControlCharacters);

    /// <summary>Whether the server can write this value to the caller.</summary>
    public static bool IsWritable(string value) => !value.AsSpan().ContainsAnyExcept(Writable);

    /// <summary>Whether a request has been forwarded by this service already.</summary>
    public static bool HasPassedHere(StringValues via) =>
        via.Any(value => value is not null && value.Contains("sealpost-mtls", StringComparison.OrdinalIgnoreCase));

    private static bool IsOfOneHop(string name, IReadOnlySet<string> ofConnection) =>
        OfOneHop.Contains(name) || ofConnection.Contains(name) || StartsWithAny(name, PrefixesOfOneHop);

    private static bool StartsWithAny(string name, string[] prefixes) =>
        prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
