using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.P12;
using Sealpost.Vault;

namespace Sealpost.Mtls.Forward;

/// <summary>What the tester's form holds (protocol 5).</summary>
/// <param name="P12">The file; one byte more than is allowed at most.</param>
/// <param name="Password">Of the file; null: none.</param>
/// <param name="Body">What to send.</param>
/// <param name="ContentType">Of the body, as its part says; null: it does not.</param>
internal sealed record P12TestForm(ReadOnlyMemory<byte> P12, Secret? Password, byte[] Body, string? ContentType)
{
    private const int MaxPasswordBytes = 4096;
    private const int MaxBodyBytes = 1 << 20;

    // One byte too many is enough to know that a part is too large.
    private static readonly Dictionary<string, int> Limits = new(StringComparer.Ordinal)
    {
        ["file"] = P12Reader.MaxBytes + 1,
        ["password"] = MaxPasswordBytes,
        ["body"] = MaxBodyBytes + 1,
    };

    /// <summary>The form, or what is wrong with it. All of it stays in memory.</summary>
    public static async Task<(P12TestForm? Form, Problem? Problem)> ReadAsync(HttpContext http)
    {
        var (parts, problem) = await FormParts.ReadAsync(http, Limits);
        if (parts is null)
        {
            return (null, problem);
        }

        if (parts.Find("file") is not { } file)
        {
            return (null, FormParts.Malformed("The form-data needs the field file (the p12); password and body may stand beside it."));
        }

        var body = parts.Find("body");
        return body?.Bytes.Length > MaxBodyBytes
            ? (null, RequestBody.TooLarge(MaxBodyBytes))
            : (new P12TestForm(file.Bytes, parts.Find("password") is { } password ? new Secret(password.Bytes) : null, body?.Bytes ?? [], body?.ContentType), null);
    }
}
