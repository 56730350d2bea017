namespace Sealpost.Storage;

/// <summary>The stores this version has.</summary>
public enum StorageProvider
{
    Sqlite,
}

/// <summary>Where everything is kept (settings <c>Storage:*</c>). SQLite's file is in the data directory and takes no connection string.</summary>
public sealed record StorageOptions
{
    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;
}
