using Sealpost.Accounts;
using Sealpost.Hosting;
using Sealpost.Mtls.P12;

namespace Sealpost.Mtls.Certificates;

/// <summary>
/// Saves what one call brought: (1) names and ids, (2) every p12 read, and one that is refused refuses the call before anything is
/// saved, (3) one after the other into the vault and the store. Thread safe.
/// </summary>
internal sealed class CertificateUploads(CertificateRegistry certificates, P12Readings readings)
{
    /// <summary>What was saved and what the vault did not take; or why nothing of it was saved.</summary>
    public async Task<(UploadOutcome? Outcome, Problem? Problem)> SaveAsync(
        AccountId account, IReadOnlyList<CertificateUpload> uploads, bool isNew, CancellationToken cancellation)
    {
        if ((uploads.Select(upload => Check(account, upload, isNew)).FirstOrDefault(problem => problem is not null) ?? Twice(uploads, isNew)) is { } problem)
        {
            return (null, problem);
        }

        var read = new List<P12Reading>();
        foreach (var upload in uploads)
        {
            var reading = await readings.ReadAsync(upload.P12, upload.Password, cancellation);
            if (reading.Refusal is not null)
            {
                return (null, CertificateAnswers.Refused(reading, uploads.Count == 1 ? null : $"certificate {read.Count + 1} of {uploads.Count}"));
            }

            read.Add(reading);
        }

        return await SaveAsync(account, uploads, read, isNew, cancellation);
    }

    private Problem? Check(AccountId account, CertificateUpload upload, bool isNew)
    {
        if ((isNew || upload.Name is not null) && !CertificateUpload.IsName(upload.Name ?? ""))
        {
            return CertificateAnswers.NameInvalid();
        }

        var sameName = certificates.Directory.Of(account).FirstOrDefault(other => other.Name == upload.Name);
        return isNew
            ? sameName is null ? null : CertificateAnswers.NameTaken(upload.Name)
            : upload.Id is not { } id ? CertificateAnswers.IdMissing()
            : certificates.Directory.Find(account, id) is null ? CertificateAnswers.NotFound()
            : sameName is null || sameName.Id == id ? null
            : CertificateAnswers.NameTaken(upload.Name);
    }

    // What the first would take from the second is refused before either is saved.
    private static Problem? Twice(IReadOnlyList<CertificateUpload> uploads, bool isNew)
    {
        var names = uploads.Select(upload => upload.Name).OfType<string>().ToList();
        return names.Distinct().Count() < names.Count || (!isNew && uploads.DistinctBy(upload => upload.Id).Count() < uploads.Count)
            ? CertificateAnswers.Twice()
            : null;
    }

    private async Task<(UploadOutcome? Outcome, Problem? Problem)> SaveAsync(
        AccountId account, IReadOnlyList<CertificateUpload> uploads, List<P12Reading> read, bool isNew, CancellationToken cancellation)
    {
        List<CertificateShape> saved = [], failed = [];
        List<string> warnings = [];
        foreach (var (upload, reading) in uploads.Zip(read))
        {
            var result = isNew
                ? await certificates.CreateAsync(account, upload.Name!, reading, cancellation)
                : await certificates.ReplaceAsync(account, upload.Id!.Value, upload.Name, reading, cancellation);
            switch (result.Kind)
            {
                case UploadKind.Saved:
                    saved.Add(CertificateAnswers.Shape(result.Certificate!, CertificateStatus.Available));
                    warnings.AddRange(reading.Warnings);
                    break;
                case UploadKind.VaultFailed:
                    failed.Add(Failed(account, upload, reading));
                    break;
                case UploadKind.NameTaken:
                    return (null, CertificateAnswers.NameTaken(upload.Name));
                case UploadKind.AccountNotFound:
                    return (null, AccountProblems.NotFound(account));
                case UploadKind.CertificateNotFound:
                    return (null, CertificateAnswers.NotFound());
            }
        }

        return (new UploadOutcome(saved, failed, warnings), null);
    }

    // A new one has no id: nothing of it was kept.
    private static CertificateShape Failed(AccountId account, CertificateUpload upload, P12Reading reading) => new(
        upload.Id?.Value ?? 0,
        false,
        upload.Name ?? "",
        upload.Name ?? "",
        account.Value,
        nameof(CertificateStatus.UnAvailable),
        Times.Text(reading.ExpiresAt));
}
