using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// One request on its way to the endpoint: its clock, the connection that carries it, and whether anything of it went out. The platform
/// does not say which connection a request is on; but it writes to it in the request's own flow, and there the exchange is known.
/// </summary>
internal sealed class Exchange : IWritingClock, IDisposable
{
    private static readonly AsyncLocal<Exchange?> OfThisFlow = new();

    private readonly TlsContext _context;
    private readonly bool _hasBody;
    private readonly CancellationTokenRegistration _aborting;
    private WatchedConnection? _connection;

    /// <param name="context">What it is sent with.</param>
    /// <param name="hasBody">Whether a body follows the headers, which then says when it is written.</param>
    /// <param name="options">The deadlines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="gone">Nobody waits for the answer any more.</param>
    public Exchange(TlsContext context, bool hasBody, SendingOptions options, TimeProvider time, CancellationToken gone)
    {
        (_context, _hasBody, Clock) = (context, hasBody, new ForwardClock(options, time));
        _aborting = gone.UnsafeRegister(static clock => ((ForwardClock)clock!).Stop(), Clock);
    }

    /// <summary>The exchange that this flow works for; null: none.</summary>
    public static Exchange? Current
    {
        get => OfThisFlow.Value;
        set => OfThisFlow.Value = value;
    }

    public ForwardClock Clock { get; }

    public TlsContext Context => _context;

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
            _context.ThrowIfRetired();
            HasBegun = true;
        }
    }

    /// <summary>Bytes of the request go out on this connection.</summary>
    public void CarriedBy(WatchedConnection connection)
    {
        Begin();
        _connection = connection;
        if (!_hasBody)
        {
            Clock.Written();
        }
    }

    /// <inheritdoc/>
    public void Connected()
    {
        Begin();
        Clock.AwaitTaking();
    }

    /// <inheritdoc/>
    public void Written() => Clock.Written();

    public void Dispose()
    {
        _aborting.Dispose();
        Clock.Dispose();
    }
}
