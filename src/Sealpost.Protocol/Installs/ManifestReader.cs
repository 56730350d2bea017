using System.Text.Json;
using Sealpost.Protocol.Json;
using Sealpost.Protocol.Signing;

namespace Sealpost.Protocol.Installs;

/// <summary>
/// Reads an app install manifest and judges every rule of protocol 2. The JSON is as strict as an event's. Unknown members are
/// kept as they came, all of <c>capabilities.engagement</c> too; the members a caller cannot set are left out, whatever they
/// hold. A null is accepted as <c>capabilities.webhooks</c> and <c>.engagement</c> only. Pure and thread safe.
/// <para>Rules an error can name: <c>json</c>, <c>type</c>, <c>required</c>, <c>max_length</c>, <c>integer</c>, <c>range</c>,
/// <c>choice</c>, <c>event_type</c>, <c>url</c>, <c>https</c>, <c>host</c>, <c>port</c>, <c>userinfo</c>, <c>fragment</c>,
/// <c>token</c>, <c>refused_name</c>, <c>control_character</c>.</para>
/// </summary>
public static class ManifestReader
{
    /// <summary>Errors reported at most, so that a hostile manifest has no answer larger than itself.</summary>
    public const int MaxErrors = 50;

    /// <summary>Reads <paramref name="json"/>; the answer keeps copies only.</summary>
    public static ManifestResult Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            StrictJsonReader.Check(json);
        }
        catch (JsonException fault)
        {
            return new ManifestResult([new ManifestError("", "json", $"The manifest is not strict JSON. {fault.Message}")]);
        }
        using var document = JsonDocument.Parse(json);
        return ReadRoot(document.RootElement);
    }

    private static ManifestResult ReadRoot(JsonElement root)
    {
        var faults = new ManifestFaults();
        var manifest = Member.Root(root, faults);
        if (!manifest.IsObject())
            return new ManifestResult(faults.All);

        var name = ReadRegistration(manifest);
        var capabilities = ReadCapabilities(manifest.Child("capabilities"));
        if (name is null || !faults.IsEmpty)
            return new ManifestResult(faults.All);
        return new ManifestResult(new Manifest
        {
            ClientName = name,
            Webhooks = capabilities.Webhooks.ByEventType,
            RetentionTime = capabilities.Webhooks.RetentionTime,
            Signature = capabilities.Signature,
            SealpostHeaders = capabilities.SealpostHeaders,
            Enabled = manifest.Child("enabled")?.Flag() ?? true,
            Json = ManifestJson.Settable(root),
        })
        {
            ClientId = TextOf(root, "client_id"),
            ClientSecret = TextOf(root, "client_secret"),
        };
    }

    private static string? ReadRegistration(Member manifest)
    {
        var name = manifest.Required("client_name")?.Text(maxLength: 128);
        if (name is "")
            manifest.Report("client_name", "required", "must not be empty");
        manifest.Child("display_name")?.Text(maxLength: 128);
        manifest.Child("description")?.Text(maxLength: 256);
        manifest.Child("grant_types")?.Texts();
        manifest.Child("redirect_uris")?.Texts();
        manifest.Child("response_types")?.Texts();
        manifest.Child("scope")?.Text();
        manifest.Child("logo_uri")?.Text(maxLength: 1024);
        manifest.Child("entry_uri")?.Text(maxLength: 1024);
        manifest.Child("quick_launch_enabled")?.Flag();
        manifest.Child("enabled")?.Flag();
        return name;
    }

    private static (WebhookList Webhooks, SignatureScheme Signature, bool SealpostHeaders) ReadCapabilities(Member? capabilities)
    {
        if (capabilities is not { } member || !member.IsObject())
            return (WebhookList.Empty, default, true);
        var webhooks = WebhookReader.Read(member.Child("webhooks"));
        if (member.Child("delivery") is not { } delivery || !delivery.IsObject())
            return (webhooks, default, true);
        return (webhooks, ReadSignature(delivery.Child("signature")), delivery.Child("sealpost_headers")?.Flag() ?? true);
    }

    private static SignatureScheme ReadSignature(Member? signature)
    {
        if (signature is not { } member || !member.IsObject())
            return default;
        var algorithm = member.Child("algorithm")?.Choice("sha1", "sha256");
        var encoding = member.Child("encoding")?.Choice("base64", "hex");
        return new SignatureScheme(
            algorithm is "sha256" ? SignatureAlgorithm.Sha256 : SignatureAlgorithm.Sha1,
            encoding is "hex" ? SignatureEncoding.Hex : SignatureEncoding.Base64);
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
