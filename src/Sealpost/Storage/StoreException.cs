namespace Sealpost.Storage;

/// <summary>What is wrong with the store.</summary>
public enum StoreFault
{
    /// <summary>No room on the disk: nothing of the transaction was kept; it works again when there is room.</summary>
    Full,

    /// <summary>A read, write or fsync failed. What was kept is unknown: the process must end and start again.</summary>
    Broken,

    /// <summary>The file is not a store of this program, or damaged.</summary>
    Corrupt,

    /// <summary>The store was written by a newer version.</summary>
    Newer,

    /// <summary>Another process works on this data directory.</summary>
    InUse,
}

/// <summary>The store could not do what it was asked; the message is one line for the operator.</summary>
public sealed class StoreException : Exception
{
    public StoreException(StoreFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public StoreFault Fault { get; }
}
