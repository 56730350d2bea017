using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sealpost.Protocol.Installs;

/// <summary>
/// Writes an install as the app install calls answer it (protocol 2): what the service sets, then the manifest's members as they
/// came. <c>client_secret_expires_at</c> is 0, "never" in RFC 7591.
/// </summary>
public static class InstallWriter
{
    // The answers are application/json, never part of a page: '+' and letters of any script stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one install as a whole JSON text.</summary>
    public static void WriteInstall(IBufferWriter<byte> output, Manifest manifest, InstallFacts facts)
    {
        using var json = new Utf8JsonWriter(output, Options);
        WriteInstall(json, manifest, facts);
    }

    /// <summary>Writes one install as a value, for a list of them.</summary>
    public static void WriteInstall(Utf8JsonWriter json, Manifest manifest, InstallFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("client_id", facts.ClientId);
        json.WriteString("client_secret", facts.ClientSecret);
        json.WriteNumber("client_id_issued_at", facts.IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("client_secret_expires_at", 0);
        json.WriteString("id", facts.ClientId);
        json.WriteBoolean("deleted", facts.Deleted);
        json.WriteBoolean("enabled", facts.Enabled);
        WriteManifest(json, manifest);
        json.WriteEndObject();
    }

    private static void WriteManifest(Utf8JsonWriter json, Manifest manifest)
    {
        using var document = JsonDocument.Parse(manifest.Json);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("enabled"))
                continue;
            json.WritePropertyName(property.Name);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
        }
    }
}
