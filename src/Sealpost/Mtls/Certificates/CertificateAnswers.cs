using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Mtls.P12;
using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>The answers of the calls about certificates, as protocol 5 spells them. No key and no password is ever among them.</summary>
internal static class CertificateAnswers
{
    /// <summary>One certificate.</summary>
    public static CertificateShape Shape(ClientCertificate certificate, CertificateStatus status, bool deleted = false) => new(
        certificate.Id.Value,
        deleted,
        certificate.Name,
        certificate.Name,
        certificate.Account.Value,
        status.ToString(),
        Times.Text(certificate.ExpiresAt));

    /// <summary>What was saved, and what the vault did not take.</summary>
    public static IResult Uploaded(UploadOutcome outcome, int success) => outcome.Saved.Count > 0
        ? Results.Json(
            new UploadShape(outcome.Saved, outcome.Failed, outcome.Warnings.Count > 0 ? outcome.Warnings : null),
            statusCode: success)
        : new Problem(
            StatusCodes.Status503ServiceUnavailable, "vault_unavailable", "The vault did not take the certificate: nothing was changed, try again later.")
        {
            RetryAfter = Pause.Longest,
            Extensions = new Dictionary<string, object> { ["successfulySavedCertificates"] = outcome.Saved, ["failedSaveToVaultCertificates"] = outcome.Failed },
        };

    /// <summary>A p12 that is not taken, with its own code and sentence.</summary>
    /// <param name="reading">Why.</param>
    /// <param name="which">Which of several it is; null: there is one.</param>
    public static Problem Refused(P12Reading reading, string? which) => new(
        StatusCodes.Status400BadRequest, reading.Refusal!.Value.Code(), which is null ? reading.Sentence : $"{which}: {reading.Sentence}");

    public static Problem NotFound() => new(StatusCodes.Status404NotFound, "certificate_not_found", "The account has no such certificate.");

    public static Problem NameInvalid() => new(
        StatusCodes.Status400BadRequest, "certificate_name_invalid", "A certificate's name is 1 to 128 characters without control characters.");

    public static Problem NameTaken(string? name) => new(
        StatusCodes.Status409Conflict, "certificate_name_taken", $"The account has a certificate named '{name}' already: PUT replaces it by its id.");

    public static Problem Twice() => new(
        StatusCodes.Status400BadRequest, "certificate_twice", "The list has a name or an id twice.");

    public static Problem IdMissing() => new(
        StatusCodes.Status400BadRequest, "certificate_id_missing", "A PUT needs the id of the certificate that it replaces.");

    /// <summary>A deleted certificate, with what the caller should know.</summary>
    public static IResult Deleted(ClientCertificate certificate, int mappings) => Results.Json(new DeletedShape(
        certificate.Id.Value,
        true,
        certificate.Name,
        certificate.Name,
        certificate.Account.Value,
        nameof(CertificateStatus.UnAvailable),
        Times.Text(certificate.ExpiresAt),
        mappings == 0 ? null : [$"{mappings} mapping(s) still name this certificate: requests to their URLs fail until they name another."]));
}

/// <summary>A certificate on the wire.</summary>
internal sealed record CertificateShape(long Id, bool Deleted, string Name, string DisplayName, string SiteId, string Status, string ExpirationDate);

/// <summary>What came of an upload of one or several.</summary>
internal sealed record UploadOutcome(IReadOnlyList<CertificateShape> Saved, IReadOnlyList<CertificateShape> Failed, IReadOnlyList<string> Warnings);

/// <summary>An upload's answer; the spelling is the protocol's.</summary>
internal sealed record UploadShape(
    IReadOnlyList<CertificateShape> SuccessfulySavedCertificates,
    IReadOnlyList<CertificateShape> FailedSaveToVaultCertificates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings);

/// <summary>A deletion's answer.</summary>
internal sealed record DeletedShape(
    long Id,
    bool Deleted,
    string Name,
    string DisplayName,
    string SiteId,
    string Status,
    string ExpirationDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings);
