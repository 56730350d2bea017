namespace Sealpost.Sending;

/// <summary>
/// The egress guard refused a target; carries no address, so that a customer cannot read our inside names from it.
/// Thrown because a connect callback has no other way to say no; it never leaves this room.
/// </summary>
internal sealed class EgressDeniedException(EgressVerdict verdict) : Exception(Describe(verdict))
{
    private static string Describe(EgressVerdict verdict) => verdict switch
    {
        EgressVerdict.AddressDenied => "the endpoint's address is not allowed",
        EgressVerdict.PortDenied => "the endpoint's port is not allowed",
        EgressVerdict.NameDenied => "the endpoint's host name is not allowed",
        EgressVerdict.Allowed => throw new ArgumentException("an allowed target is not refused", nameof(verdict)),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, message: null),
    };
}
