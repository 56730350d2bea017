namespace Sealpost.Sending;

/// <summary>The way a request takes to its endpoint (protocol 5). The numbers stand in the store.</summary>
public enum Route
{
    /// <summary>Straight to the endpoint.</summary>
    Direct = 0,

    /// <summary>Through the MTLS service, which presents a client certificate.</summary>
    Mtls = 1,

    /// <summary>MTLS has not said yet whether the endpoint is mapped: nothing is sent.</summary>
    Unknown = 2,
}
