namespace Sealpost.Hosting.Backups;

/// <summary>How far a backup or a restore has come.</summary>
/// <param name="Step">What is being done: <c>copying</c>, <c>checking</c>, <c>packing</c> or <c>unpacking</c>.</param>
/// <param name="Done">Bytes of this step that are done.</param>
/// <param name="Total">Bytes of this step in all, at least 1.</param>
public readonly record struct BackupProgress(string Step, long Done, long Total);
