namespace Sealpost.Testing.Tls;

/// <summary>The client certificate that MTLS has for an endpoint. The direct route never has one.</summary>
public enum ClientPresented
{
    /// <summary>The endpoint is not mapped.</summary>
    Nothing,

    Sound,

    /// <summary>The endpoint does not trust its issuer.</summary>
    OfAnotherAuthority,

    /// <summary>It was sound when it was uploaded.</summary>
    Expired,
}

/// <summary>What comes of a request: a word, and the line that says why.</summary>
/// <param name="Word">As attempts have it (<c>delivered</c>) and <c>LP-error-from-transport</c> (<c>tls</c>); or MTLS's own code.</param>
/// <param name="Error">Null: nothing went wrong.</param>
public sealed record TlsEnd(string Word, string? Error)
{
    public static TlsEnd Delivered { get; } = new("delivered", null);

    public static TlsEnd ConnectTimeout { get; } = new("connect_timeout", "no connection within the connect timeout");

    public static TlsEnd Closed { get; } = new("closed", "the connection ended before an answer");

    /// <summary>
    /// Of an endpoint that demands a certificate and is shown none. TLS 1.3 lets a client write before its certificate is judged: the alert
    /// comes before the end of the connection, or is lost with it.
    /// </summary>
    public static IReadOnlyList<TlsEnd> DemandedInVain { get; } =
    [
        Closed,
        Tls("the endpoint demands a client certificate"),
        new("closed", "the endpoint ended the connection right after the TLS handshake, as one does that demands a client certificate"),
    ];

    public static TlsEnd Tls(string error) => new("tls", error);
}

/// <summary>A kind of TLS endpoint, and what has to come of a request to it on each route.</summary>
/// <param name="Name">For people.</param>
/// <param name="StartAsync">Starts such an endpoint.</param>
/// <param name="Direct">Straight to it.</param>
public sealed record TlsCase(string Name, Func<TlsAuthorities, CancellationToken, Task<TlsServer>> StartAsync, TlsEnd Direct)
{
    /// <summary>What MTLS presents to it.</summary>
    public ClientPresented Presented { get; init; } = ClientPresented.Sound;

    /// <summary>Whether the endpoint is an <see cref="OpenSslServer"/>.</summary>
    public bool NeedsOpenSsl { get; init; }

    /// <summary>By a call of the forward; null: as straight to it.</summary>
    public TlsEnd? Forwarded { get; init; }

    /// <summary>By a delivery through MTLS; null: as by a call of the forward.</summary>
    public TlsEnd? Delivered { get; init; }

    public TlsEnd On(TlsRoute route) => route switch
    {
        TlsRoute.Direct => Direct,
        TlsRoute.Forward => Forwarded ?? Direct,

        // An endpoint that is not mapped is delivered to directly.
        TlsRoute.Mtls => Presented == ClientPresented.Nothing ? Direct : Delivered ?? Forwarded ?? Direct,
        _ => throw new ArgumentOutOfRangeException(nameof(route), route, message: null),
    };

    public override string ToString() => Name;
}
