using System.Security.Authentication;

namespace Sealpost.Sending;

/// <summary>
/// An endpoint's certificate is not believed; the message is fit for a customer's eyes, which the platform's own are not. Thrown because a
/// handshake's callback has no other way to say why; it never leaves this room.
/// </summary>
internal sealed class CertificateRefusedException(string refusal) : AuthenticationException(refusal);
