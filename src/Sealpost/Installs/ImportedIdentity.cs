using Sealpost.Accounts;
using Sealpost.Protocol.Installs;
using Sealpost.Vault;

namespace Sealpost.Installs;

/// <summary>
/// The identity of a new install: an administrator's POST may carry <c>client_id</c> and <c>client_secret</c>, so that an app that
/// moves here keeps them (contract.md, HTTP). For anyone else the two members are ignored.
/// </summary>
internal static class ImportedIdentity
{
    /// <summary>Longer than any secret in use; an HMAC key gains nothing from more.</summary>
    private const int MaxSecretLength = 512;

    public static (InstallIdentity? Identity, ManifestError? Error) Choose(ManifestResult manifest, Caller caller)
    {
        var imports = caller.Kind == CallerKind.Administrator;
        var clientId = InstallIdentity.NewClientId();
        if (imports && manifest.ClientId is { } id && !Guid.TryParseExact(id, "D", out clientId))
        {
            return (null, new ManifestError("client_id", "uuid", "client_id must be a UUID."));
        }

        var secret = imports ? manifest.ClientSecret : null;
        return secret is not null && secret.Length is 0 or > MaxSecretLength
            ? (null, new ManifestError("client_secret", "length", $"client_secret must have 1 to {MaxSecretLength} characters."))
            : (new InstallIdentity(clientId, secret is null ? InstallIdentity.NewSecret() : new Secret(secret)), null);
    }
}
