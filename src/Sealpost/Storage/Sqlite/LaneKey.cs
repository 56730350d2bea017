namespace Sealpost.Storage.Sqlite;

/// <summary>A lane by install and conversation.</summary>
internal readonly record struct LaneKey(int Install, long Conversation)
{
    /// <summary>The order of its table.</summary>
    public static int Compare(LaneKey one, LaneKey other) =>
        one.Install != other.Install ? one.Install.CompareTo(other.Install) : one.Conversation.CompareTo(other.Conversation);
}

/// <summary>The last delivery of a lane.</summary>
internal readonly record struct LaneEnd(long Sequence, long Delivery);
