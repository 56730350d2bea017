using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>One way to be a bad endpoint, and what has to come of an attempt there.</summary>
/// <param name="Name">For people.</param>
/// <param name="Script">What it does with a connection; null: no connection comes to be.</param>
/// <param name="Limit">Within which every attempt has to end.</param>
/// <param name="Outcomes">The outcomes that attempts may have; the first has to be seen.</param>
internal sealed record HostileKind(string Name, Func<RawConnection, Task>? Script, TimeSpan Limit, params string[] Outcomes)
{
    private const string ConnectTimeout = "connect_timeout", ReadTimeout = "read_timeout", Delivered = "delivered";
    private const string InvalidResponse = "invalid_response", Closed = "closed", Tls = "tls";

    // The protocol's deadlines (protocol 3), which the service keeps as its defaults.
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(5), Respond = TimeSpan.FromSeconds(5), Body = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Exchange = Connect + Respond + Body;

    public static readonly HostileKind BlackHole = new("no answer to SYN", null, Connect, ConnectTimeout);

    /// <summary>Its certificate names an issuer that can be fetched from a host that hangs.</summary>
    public static readonly HostileKind HangingIssuer = new("certificate with a hanging issuer", HostileScripts.StaySilent, Connect, Tls);

    /// <summary>Whether its connections may outlive an attempt: it answers well before it is gone.</summary>
    public static readonly HostileKind HalfOpen = new("half-open: answers, then is gone", HostileScripts.AnswerAndVanish, Exchange, ReadTimeout, Delivered);

    public static IReadOnlyList<HostileKind> All { get; } =
    [
        new("silent instead of a handshake", HostileScripts.StallBeforeHandshake, Connect, ConnectTimeout),
        new("handshake begun and left", HostileScripts.StallInHandshake, Connect, ConnectTimeout),
        new("handshake dripped", HostileScripts.DripHandshake, Connect, ConnectTimeout),
        new("never reads", HostileScripts.NeverRead, Exchange, ReadTimeout),
        new("silent after the request", HostileScripts.StaySilent, Exchange, ReadTimeout),
        new("status line dripped", HostileScripts.DripStatusLine, Exchange, ReadTimeout),
        new("headers dripped", HostileScripts.DripHeaders, Exchange, ReadTimeout),
        new("storm of 1xx", HostileScripts.StormInformational, Exchange, ReadTimeout),
        new("body dripped", HostileScripts.DripBody, Exchange, Delivered),
        new("endless body", HostileScripts.EndlessBody, Exchange, Delivered),
        new("flood of headers", HostileScripts.FloodHeaders, Exchange, InvalidResponse),
        new("reset after the request", HostileScripts.ResetAfterRequest, Exchange, Closed),
        new("garbage", HostileScripts.SpeakGarbage, Exchange, InvalidResponse),
        HalfOpen,
        HangingIssuer,
        BlackHole,
    ];

    /// <summary>Whether no connection to it may outlive its attempt.</summary>
    public bool ConnectionsEndWithAttempts => this != HalfOpen;

    public override string ToString() => Name;
}
