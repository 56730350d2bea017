using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Mtls.P12;
using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>
/// Reads the two forms of an upload (protocol 5): form-data with the file beside a <c>certificate</c>, and JSON with the file as an array
/// of bytes. All of it stays in memory.
/// </summary>
internal static class UploadBody
{
    public const int MostCertificates = 10;

    private const int MaxJsonBytes = 2 * 1024 * 1024;
    private const int MaxMetadataBytes = 16 * 1024;

    // Of the file one byte too many is enough to know that it is too large.
    private static readonly Dictionary<string, int> FormLimits = new(StringComparer.Ordinal)
    {
        ["file"] = P12Reader.MaxBytes + 1,
        ["certificate"] = MaxMetadataBytes,
    };

    /// <summary>One certificate of form-data.</summary>
    public static async Task<(CertificateUpload? Upload, Problem? Problem)> ReadFormAsync(HttpContext http)
    {
        var (parts, problem) = await FormParts.ReadAsync(http, FormLimits);
        if (parts is null)
        {
            return (null, problem);
        }

        if (parts.Find("file") is not { } file || parts.Find("certificate") is not { } metadata)
        {
            return (null, FormParts.Malformed("The form-data needs the fields file (the p12) and certificate (JSON with name and password)."));
        }

        (var wish, problem) = RequestBody.Parse<FormCertificate>(metadata.Bytes, lenient: true);
        if (wish is null)
        {
            return (null, problem);
        }

        return TryId(wish.Id, out var id)
            ? (new CertificateUpload(file.Bytes, SecretOf(wish.Password), wish.Name, id), null)
            : (null, MalformedId());
    }

    /// <summary>One or several certificates of JSON: an array, or one object alone.</summary>
    public static async Task<(IReadOnlyList<CertificateUpload>? Uploads, Problem? Problem)> ReadJsonAsync(HttpContext http)
    {
        var (body, problem) = await RequestBody.Read(http, MaxJsonBytes);
        if (problem is not null)
        {
            return (null, problem);
        }

        var isList = body.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
        JsonCertificate[]? wishes;
        if (isList)
        {
            (wishes, problem) = RequestBody.Parse<JsonCertificate[]>(body, lenient: true);
        }
        else
        {
            (var wish, problem) = RequestBody.Parse<JsonCertificate>(body, lenient: true);
            wishes = wish is null ? null : [wish];
        }

        if (wishes is null)
        {
            return (null, problem);
        }

        return wishes.Length is > 0 and <= MostCertificates
            ? Uploads(wishes)
            : (null, FormParts.Malformed($"The list holds from 1 to {MostCertificates} certificates."));
    }

    private static (IReadOnlyList<CertificateUpload>? Uploads, Problem? Problem) Uploads(JsonCertificate[] wishes)
    {
        var uploads = new List<CertificateUpload>();
        foreach (var wish in wishes)
        {
            // An old client of Java sends its bytes signed.
            if (wish?.P12 is not { } p12 || p12.Any(value => value is < sbyte.MinValue or > byte.MaxValue))
            {
                return (null, FormParts.Malformed("p12 must be an array of bytes."));
            }

            if (!TryId(wish.Id, out var id))
            {
                return (null, MalformedId());
            }

            uploads.Add(new CertificateUpload(p12.Select(value => unchecked((byte)value)).ToArray(), SecretOf(wish.Password), wish.Name, id));
        }

        return (uploads, null);
    }

    // Answers give the id as a number, forms tend to send it back as text.
    private static bool TryId(JsonElement? sent, out CertificateId? id)
    {
        id = null;
        var text = sent switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
            { ValueKind: JsonValueKind.String } => sent.Value.GetString()!,
            _ => sent.Value.GetRawText(),
        };
        if (text.Length == 0)
        {
            return true;
        }

        var ok = CertificateId.TryParse(text, out var parsed);
        id = parsed;
        return ok;
    }

    private static Secret? SecretOf(string? text) => text is null ? null : new Secret(text);

    private static Problem MalformedId() => new(StatusCodes.Status400BadRequest, "certificate_id_invalid", "A certificate's id is a positive number.");

    private sealed record FormCertificate
    {
        public string? Name { get; init; }

        public string? Password { get; init; }

        public JsonElement? Id { get; init; }
    }

    private sealed record JsonCertificate
    {
        public string? Name { get; init; }

        public string? Password { get; init; }

        public JsonElement? Id { get; init; }

        public short[]? P12 { get; init; }
    }
}
