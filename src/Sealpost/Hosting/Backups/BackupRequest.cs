namespace Sealpost.Hosting.Backups;

/// <summary>What <c>sealpost backup</c> is asked for.</summary>
public sealed record BackupRequest
{
    /// <summary>The data directory; its service may be running.</summary>
    public required string Data { get; init; }

    /// <summary>The backup's file.</summary>
    public required string File { get; init; }

    /// <summary>Puts the master key, the administrator's token and the TLS files in too.</summary>
    public bool WithKeys { get; init; }

    /// <summary>Replaces a file that is there, once the new one is whole.</summary>
    public bool Replace { get; init; }

    /// <summary>Bytes that must stay free on the data directory's disk (<c>Limits:DiskReserveBytes</c>).</summary>
    public required long DiskReserveBytes { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
