using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// One request on its way to the endpoint: its clock, the connection that carries it, and whether anything of it went out. The platform
/// does not say which connection a request is on; but it writes to it in the request's own flow, and there the exchange is known.
/// </summary>
internal sealed class Exchange(TlsContext context, bool hasBody, SendingOptions options, TimeProvider time) : IDisposable
{
    private static readonly AsyncLocal<Exchange?> OfThisFlow = new();

    private WatchedConnection? _connection;

    /// <summary>The exchange that this flow works for; null: none.</summary>
    public static Exchange? Current
    {
        get => OfThisFlow.Value;
        set => OfThisFlow.Value = value;
    }

    public ForwardClock Clock { get; } = new(options, time);

    public TlsContext Context => context;

    /// <summary>Something of the request may have gone out: it is not to be sent again.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What went wrong with reading the caller's body; null: nothing.</summary>
    public Exception? CallerFailure { get; set; }

    /// <summary>The connection was there, and the endpoint has never answered on it.</summary>
    public bool IsOnSilentConnection => _connection is { HasAnswered: false };

    /// <summary>The request has a connection and is about to go out.</summary>
    /// <exception cref="ContextRetiredException">The certificate was replaced or deleted meanwhile.</exception>
    public void Begin()
    {
        if (!HasBegun)
        {
            context.ThrowIfRetired();
            HasBegun = true;
        }
    }

    /// <summary>Bytes of the request go out on this connection.</summary>
    public void CarriedBy(WatchedConnection connection)
    {
        Begin();
        _connection = connection;
        if (!hasBody)
        {
            Clock.Written();
        }
    }

    public void Dispose() => Clock.Dispose();
}
