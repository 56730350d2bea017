using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sealpost.Hosting.Settings;

namespace Sealpost.Hosting.Web;

/// <summary>What anybody may cost before it is known who they are: sizes, times, rates and connections.</summary>
internal static class RequestLimits
{
    /// <summary>For a TLS handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // Longer than clients and terminators keep an idle connection (60 s is their usual): else they would send into a closing one.
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(75);

    private const int MaxHeaders = 100;
    private const int MaxHeaderBytes = 32 * 1024;

    // A list call's target with every filter and a cursor stays far below.
    private const int MaxRequestLineBytes = 8 * 1024;

    private const int MaxStreamsPerConnection = 100;

    // Bytes each second, after a grace of 5 s: slower bodies and readers are cut off.
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private static readonly TimeSpan PingAfterSilence = TimeSpan.FromSeconds(30);

    public static void Set(KestrelServerLimits limits, SealpostSettings settings)
    {
        limits.MaxConcurrentConnections = settings.Server.Connections;
        limits.MaxRequestBodySize = settings.Publish.MaxRequestBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = KeepAliveTimeout;
        limits.MinRequestBodyDataRate = SlowestBody;
        limits.MinResponseDataRate = SlowestBody;
        limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;

        // A peer that is gone without a word gives its place back.
        limits.Http2.KeepAlivePingDelay = PingAfterSilence;
    }
}
