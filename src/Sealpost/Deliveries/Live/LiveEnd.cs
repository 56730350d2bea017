namespace Sealpost.Deliveries.Live;

/// <summary>Why a stream ends, as its last event says it.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Detail">For people.</param>
internal sealed record LiveEnd(string Code, string Detail)
{
    public static LiveEnd TooSlow { get; } = new("too_slow", "More events came than were read: connect again with Last-Event-ID to go on.");

    public static LiveEnd Stopping { get; } = new("stopping", "The service stops: connect again later.");

    public static LiveEnd TokenRevoked { get; } = new("token_revoked", "The token does not open this account's events any more.");

    public static LiveEnd AccountRemoved { get; } = new("account_removed", "The account is deleted.");
}
