using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sealpost.Protocol.Installs;

/// <summary>The manifest as it is stored and given back.</summary>
internal static class ManifestJson
{
    /// <summary>A manifest's members that only the service sets (protocol 2).</summary>
    private static readonly string[] ServiceMembers =
        ["client_id", "client_secret", "client_id_issued_at", "client_secret_expires_at", "id", "deleted"];

    /// <summary>A copy of all other members, in their order and with their values' very bytes: 1e400 stays 1e400.</summary>
    public static ReadOnlyMemory<byte> Settable(JsonElement root)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("{"u8);
        foreach (var property in root.EnumerateObject())
        {
            if (ServiceMembers.Contains(property.Name, StringComparer.Ordinal))
                continue;
            json.Write(json.WrittenCount > 1 ? ",\""u8 : "\""u8);
            json.Write(JsonMarshal.GetRawUtf8PropertyName(property));
            json.Write("\":"u8);
            json.Write(JsonMarshal.GetRawUtf8Value(property.Value));
        }
        json.Write("}"u8);
        return json.WrittenSpan.ToArray();
    }
}
