namespace Sealpost.Mtls.Forward;

/// <summary>The right to send one request on a context; until it is given back, the context stays open. To be disposed once.</summary>
internal sealed class TlsLease(TlsContext context, Action<TlsContext> giveBack) : IDisposable
{
    public TlsContext Context => context;

    public void Dispose() => giveBack(context);
}
