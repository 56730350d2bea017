namespace Sealpost.Mtls.Forward;

/// <summary>The connections of one account with one version of one certificate, or without any. <see cref="TlsContexts"/> owns it.</summary>
internal sealed class TlsContext
{
    private readonly Lazy<HttpMessageInvoker> _invoker;
    private volatile bool _isRetired;

    /// <param name="open">Makes what sends; called once, by the first who needs it, while the others wait.</param>
    /// <param name="presentsCertificate">Whether its connections present a client certificate.</param>
    public TlsContext(Func<TlsContext, HttpMessageInvoker> open, bool presentsCertificate)
    {
        _invoker = new Lazy<HttpMessageInvoker>(() => open(this));
        PresentsCertificate = presentsCertificate;
    }

    public bool PresentsCertificate { get; }

    /// <summary>Sends on these connections.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key material cannot be used.</exception>
    public HttpMessageInvoker Invoker => _invoker.Value;

    /// <summary>Requests that use it; changed under the owner's lock.</summary>
    public int Leases { get; set; }

    /// <summary>When it was last lent; changed under the owner's lock.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether it is out of the pool, to be closed with its last lease; changed under the owner's lock.</summary>
    public bool IsOut { get; set; }

    /// <summary>Its certificate was replaced or deleted: what has not begun does not begin.</summary>
    public bool IsRetired => _isRetired;

    public void Retire() => _isRetired = true;

    /// <exception cref="ContextRetiredException">It is retired.</exception>
    public void ThrowIfRetired()
    {
        if (_isRetired)
        {
            throw new ContextRetiredException();
        }
    }

    public void Close()
    {
        if (_invoker.IsValueCreated)
        {
            _invoker.Value.Dispose();
        }
    }
}
