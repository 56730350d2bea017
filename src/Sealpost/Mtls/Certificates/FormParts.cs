using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Sealpost.Hosting;

namespace Sealpost.Mtls.Certificates;

/// <summary>
/// The parts of a <c>multipart/form-data</c> that a call knows. They stay in memory: a form that the framework read for us would be put on
/// the disk beyond 64 KiB, with the password.
/// </summary>
internal sealed class FormParts
{
    private const int MaxParts = 8;

    private readonly Dictionary<string, FormPart> _parts = new(StringComparer.Ordinal);

    private FormParts()
    {
    }

    public FormPart? Find(string name) => _parts.GetValueOrDefault(name);

    /// <summary>Reads the parts, or says what is wrong.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limits">Bytes read of each part that is known: what is beyond is not read.</param>
    public static async Task<(FormParts? Parts, Problem? Problem)> ReadAsync(HttpContext http, IReadOnlyDictionary<string, int> limits)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 128 } boundary)
        {
            return (null, new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "This call takes multipart/form-data."));
        }

        try
        {
            return await ReadAsync(new MultipartReader(boundary, http.Request.Body), limits, http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (null, Malformed("The form-data is malformed."));
        }
    }

    public static Problem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "upload_invalid", detail);

    private static async Task<(FormParts? Parts, Problem? Problem)> ReadAsync(
        MultipartReader reader, IReadOnlyDictionary<string, int> limits, CancellationToken cancellation)
    {
        var form = new FormParts();
        for (var count = 0; await reader.ReadNextSectionAsync(cancellation) is { } part && count < MaxParts; count++)
        {
            if (NameOf(part) is not { } name || !limits.TryGetValue(name, out var limit))
            {
                continue;
            }

            if (!form._parts.TryAdd(name, new FormPart(await ReadPartAsync(part, limit, cancellation), part.ContentType)))
            {
                return (null, Malformed("The form-data has a field twice."));
            }
        }

        return (form, null);
    }

    private static string? NameOf(MultipartSection part) =>
        ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;

    private static async Task<byte[]> ReadPartAsync(MultipartSection part, int maxBytes, CancellationToken cancellation)
    {
        var buffer = new byte[maxBytes];
        var read = await part.Body.ReadAtLeastAsync(buffer, maxBytes, throwOnEndOfStream: false, cancellation);
        return buffer[..read];
    }
}

/// <summary>One part of a form.</summary>
/// <param name="Bytes">As much as was read.</param>
/// <param name="ContentType">What the part says that it is; null: it does not.</param>
internal sealed record FormPart(byte[] Bytes, string? ContentType);
