namespace Sealpost.Mtls.Forward;

/// <summary>
/// The certificate of a context was replaced or deleted before anything went out. Thrown because the platform's callbacks have no other
/// way to say no; it never leaves this folder.
/// </summary>
internal sealed class ContextRetiredException() : Exception("the certificate is not to be used any more");
