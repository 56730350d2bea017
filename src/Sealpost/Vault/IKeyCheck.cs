namespace Sealpost.Vault;

/// <summary>Where a store remembers which master key sealed it.</summary>
internal interface IKeyCheck
{
    /// <summary>The check value that was written; null in a new store.</summary>
    byte[]? Read();

    /// <summary>Remembers <paramref name="value"/>, once for the store's life.</summary>
    void Write(byte[] value);
}
