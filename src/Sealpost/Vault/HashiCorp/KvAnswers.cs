using System.Text.Json;

namespace Sealpost.Vault.HashiCorp;

/// <summary>What the server's replies mean for us (security 4): one table, from status and body to verdict. Pure.</summary>
internal static class KvAnswers
{
    public const string CertificateField = "certificate";
    public const string ChainField = "ca_chain";
    public const string KeyField = "private_key";

    /// <summary>A read of <c>data/…</c>.</summary>
    public static VaultAnswer OfRead(VaultReply reply, string path) => reply switch
    {
        { Status: 200 } => Material(reply, path),
        { Status: 404 } => OfMissing(reply, path),
        _ => OfFault(reply),
    };

    /// <summary>A write, or a deletion.</summary>
    public static VaultAnswer OfWrite(VaultReply reply, string path) => reply switch
    {
        { IsSuccess: true } => VaultAnswer.Done,
        { Status: 400 } when reply.Mentions("check-and-set parameter did not match") =>
            new VaultAnswer(VaultVerdict.Conflict, $"something else is kept at {path}"),
        { Status: 404 } => OfMissing(reply, path),
        _ => OfFault(reply),
    };

    /// <summary>An answer of <c>sys/health</c>: the body is the truth, whatever status the server was asked to give.</summary>
    public static VaultAnswer OfHealth(VaultReply reply) => reply switch
    {
        { Failure: { } failure } => Unavailable(reply, failure),
        _ when reply.At("initialized") is null || reply.At("sealed") is null => Unavailable(reply, $"health answered {reply.Status}"),
        _ when !reply.Flag("initialized") => Unavailable(reply, "the vault is not initialised"),
        _ when reply.Flag("sealed") => Unavailable(reply, "the vault is sealed"),
        { Status: 200 or 204 or 429 or 473 } => VaultAnswer.Done,
        { Status: 472 } => Unavailable(reply, "the server is a disaster recovery secondary: it serves nobody"),
        { Status: 474 } => Unavailable(reply, "the server is a standby that cannot reach the active one"),
        { Status: 530 } => Unavailable(reply, "the server was removed from its cluster"),
        _ => Unavailable(reply, $"health answered {reply.Status}"),
    };

    /// <summary>Every reply that no call expects.</summary>
    public static VaultAnswer OfFault(VaultReply reply) => reply switch
    {
        { Failure: { } failure, Status: 0 } => Unavailable(reply, failure),
        { Failure: { } failure } => Refused(reply, failure),
        { Status: 403 } => Refused(reply, "the vault does not permit it: look at the token, its policy and Vault:Namespace"),
        { Status: 412 } when VaultRetry.IsBehind(reply) => Unavailable(reply, "the server has not caught up with the active one"),
        { Status: 412 } => Refused(reply, "a Vault Agent or Proxy in the way did not pass X-Vault-Request on"),
        { Status: 429 } => Unavailable(reply, "the vault's rate limit is reached"),
        { Status: 472 } => Unavailable(reply, "the server is a disaster recovery secondary: it serves nobody"),
        { Status: 473 } => Unavailable(reply, "the server is a performance standby that does not forward"),
        { Status: 501 } => Unavailable(reply, "the vault is not initialised"),
        { Status: 503 } => Unavailable(reply, "the vault is sealed or in maintenance"),
        { Status: >= 500 } => Unavailable(reply, $"the vault answered {reply.Status}"),
        _ => Refused(reply, $"the vault answered {reply.Status}"),
    };

    private static VaultAnswer OfMissing(VaultReply reply, string path) => reply switch
    {
        _ when reply.Flag("data", "metadata", "destroyed") => new VaultAnswer(VaultVerdict.Destroyed, $"{path} was destroyed in the vault"),
        _ when reply.Text("data", "metadata", "deletion_time") is { Length: > 0 } =>
            new VaultAnswer(VaultVerdict.Deleted, $"{path} was deleted in the vault; there it can be undeleted"),
        _ when reply.Mentions("Invalid path for a versioned") => Refused(reply, "the paths at Vault:Mount are of another kind than this program asks for"),
        _ when reply.Mentions("no handler for route") => Refused(reply, "there is no secrets engine at Vault:Mount"),
        _ when reply.Mentions("unsupported path") => Refused(reply, "Vault:Mount is no KV engine of version 2"),
        _ => new VaultAnswer(VaultVerdict.Absent, $"nothing is kept at {path}"),
    };

    // An engine of version 1 answers 200 too, with the fields one level higher: that is a wrong mount, not a damaged value.
    private static VaultAnswer Material(VaultReply reply, string path)
    {
        if (reply.At("data", "metadata") is null)
        {
            return Refused(reply, "Vault:Mount is no KV engine of version 2");
        }

        var (certificate, chain, key) = (Field(reply, CertificateField), Field(reply, ChainField), Field(reply, KeyField));
        return certificate is not null && key is not null && KeyMaterialPem.TryRead(new Secret($"{certificate}\n{chain}\n{key}"), out var material)
            ? VaultAnswer.Done with { Material = material }
            : new VaultAnswer(VaultVerdict.Damaged, $"{path} holds no {CertificateField} and {KeyField} in PEM");
    }

    private static string? Field(VaultReply reply, string name) =>
        reply.At("data", "data", name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static VaultAnswer Unavailable(VaultReply reply, string detail) =>
        new(VaultVerdict.Unavailable, WithWords(detail, reply)) { RetryAfter = reply.RetryAfter };

    private static VaultAnswer Refused(VaultReply reply, string detail) => new(VaultVerdict.Refused, WithWords(detail, reply));

    private static string WithWords(string detail, VaultReply reply) => reply.Said is { Length: > 0 } said ? $"{detail} (it says: {said})" : detail;
}
