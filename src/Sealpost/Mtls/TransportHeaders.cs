namespace Sealpost.Mtls;

/// <summary>The headers of the forward call and of its answers (protocol 5).</summary>
public static class TransportHeaders
{
    /// <summary>What all of them begin with; no header of this kind passes from one side to the other.</summary>
    public const string Prefix = "LP-";

    /// <summary>Where to forward to; required.</summary>
    public const string ForwardUrl = "LP-forward-url";

    /// <summary>For which service; with URL and account it finds the certificate.</summary>
    public const string ServiceName = "LP-service-name";

    /// <summary>Becomes the forwarded <c>Authorization</c>.</summary>
    public const string AuthorizationOverride = "LP-authorization-override";

    /// <summary>The tester's: the request's method; default POST.</summary>
    public const string MethodOverride = "LP-method-override";

    /// <summary>The tester's: the content type of what is sent.</summary>
    public const string ContentTypeOverride = "LP-content-type-override";

    /// <summary><c>true</c>: without a mapping nothing is forwarded.</summary>
    public const string StopWithoutCertificate = "LP-stop-if-certificate-not-found";

    /// <summary>On a 424: what went wrong, in one line.</summary>
    public const string Message = "LP-message-from-transport";

    /// <summary>On a 424: why the endpoint could not be reached (<see cref="TransportErrors"/>).</summary>
    public const string Error = "LP-error-from-transport";

    /// <summary>On a 424: the endpoint's status, 400 or more.</summary>
    public const string Status = "LP-status-from-transport";

    /// <summary>On all answers of a forward that was made: how long the endpoint took to answer, in milliseconds.</summary>
    public const string ResponseTime = "LP-response-time-from-transport";
}
