namespace Sealpost.Hosting.Backups;

/// <summary>What <c>sealpost restore</c> is asked for.</summary>
public sealed record RestoreRequest
{
    /// <summary>The backup's file.</summary>
    public required string File { get; init; }

    /// <summary>The data directory; made where it is absent.</summary>
    public required string Data { get; init; }

    /// <summary>Restores over a store that is there, and keeps that aside.</summary>
    public bool Force { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}

/// <summary>What came of a restore.</summary>
/// <param name="Manifest">What was in the backup.</param>
/// <param name="Aside">The folder with what was there before; null: nothing was.</param>
/// <param name="KeyNeeded">What must still be done about the master key before the start, as a sentence; null: nothing.</param>
public sealed record RestoreResult(BackupManifest Manifest, string? Aside, string? KeyNeeded);
