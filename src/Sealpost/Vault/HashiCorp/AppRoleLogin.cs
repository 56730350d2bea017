using System.Text.Json;

namespace Sealpost.Vault.HashiCorp;

/// <summary>Logs in with an AppRole. The secret id's file is read each time: it may be replaced while this runs, and used up by one login.</summary>
internal sealed class AppRoleLogin(VaultTransport transport, string roleId, string secretIdFile, TimeProvider time) : IVaultLogin
{
    public async Task<LoginAnswer> LogInAsync(CancellationToken cancellation)
    {
        Secret secretId;
        try
        {
            secretId = PrivateFile.Read(secretIdFile);
        }
        catch (VaultException e)
        {
            return new LoginAnswer(null, new VaultAnswer(VaultVerdict.Refused, e.Message));
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["role_id"] = roleId, ["secret_id"] = secretId.Reveal() });
        var givenAt = time.GetTimestamp();
        var reply = await transport.SendAsync(new VaultCall(HttpMethod.Post, "auth/approle/login", body), token: null, cancellation);
        return reply switch
        {
            { IsSuccess: true } when reply.Text("auth", "client_token") is { } token => new LoginAnswer(
                new VaultLease(new Secret(token), reply.Seconds("auth", "lease_duration"), reply.Flag("auth", "renewable"), givenAt)),
            { Status: 400 or 403 } => new LoginAnswer(null, new VaultAnswer(
                VaultVerdict.Refused, $"the login was refused: look at Vault:RoleId and Vault:SecretIdFile (it says: {reply.Said})")),
            { Status: 404 } => new LoginAnswer(null, new VaultAnswer(VaultVerdict.Refused, "AppRole is not enabled at auth/approle")),
            _ => new LoginAnswer(null, KvAnswers.OfFault(reply)),
        };
    }
}
