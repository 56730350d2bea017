using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sealpost.Hosting.Backups;

/// <summary>What is in a backup: its first file, <c>manifest.json</c>.</summary>
public sealed record BackupManifest
{
    internal const string Name = "manifest.json";

    /// <summary>The form of the archive itself that this version writes and knows.</summary>
    internal const int PresentFormat = 1;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The form of the archive.</summary>
    public required int Format { get; init; }

    /// <summary>The version of sealpost that made it.</summary>
    public required string Version { get; init; }

    /// <summary>The database's schema.</summary>
    public required int Schema { get; init; }

    /// <summary>When it was begun, in UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Whether keys and tokens are in it.</summary>
    public required bool WithKeys { get; init; }

    /// <summary>The other files, in their order.</summary>
    public required IReadOnlyList<BackupPart> Parts { get; init; }

    /// <summary>Days of the log of attempts that could not be read and are not in it.</summary>
    public required IReadOnlyList<string> Omitted { get; init; }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    /// <exception cref="BackupException">It is no manifest, or of a form that this version does not know.</exception>
    internal static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(json, Form) ?? throw new JsonException("it is null");
            return manifest.Format == PresentFormat
                ? manifest
                : throw new BackupException($"the backup has form {manifest.Format}, this version of sealpost knows {PresentFormat}: restore it with the version that wrote it.");
        }
        catch (JsonException e)
        {
            throw new BackupException($"this is no backup, or it is damaged: its manifest cannot be read ({e.Message})", e);
        }
    }
}
