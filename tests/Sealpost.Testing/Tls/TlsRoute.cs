namespace Sealpost.Testing.Tls;

/// <summary>The ways of a request to an endpoint.</summary>
public enum TlsRoute
{
    /// <summary>A delivery straight to it.</summary>
    Direct,

    /// <summary>A call of the forward.</summary>
    Forward,

    /// <summary>A delivery through the forward.</summary>
    Mtls,
}
