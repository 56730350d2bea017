namespace Sealpost.Hosting.Backups;

/// <summary>A backup or a restore could not be made, and nothing was changed; the message is a sentence for the operator that says what to do.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
