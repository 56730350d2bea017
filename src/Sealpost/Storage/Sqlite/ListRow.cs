using Sealpost.Deliveries;

namespace Sealpost.Storage.Sqlite;

/// <summary>What lists look at of a delivery's row.</summary>
internal readonly record struct ListRow(
    long Id, int Install, long ConversationKey, int EventType, long AcceptedAt, int State, long? LanePrevious, long? InstallPrevious)
{
    /// <summary>The state of a row whose content was erased: it only holds its install's chain together.</summary>
    public const int Erased = 4;

    /// <summary>Whether it is in this public state; an erased one is in none.</summary>
    public bool IsIn(PublicState? state) => State != Erased && (state is null || PublicStates.Of((DeliveryState)State) == state);
}
