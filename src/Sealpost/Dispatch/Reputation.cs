namespace Sealpost.Dispatch;

/// <summary>What is known of an origin, by the last attempt that told something.</summary>
internal enum Reputation
{
    /// <summary>It has neither answered nor let an attempt hang yet.</summary>
    New,

    /// <summary>It answered fast.</summary>
    Quick,

    /// <summary>It answered slowly, or not at all.</summary>
    Slow,
}
