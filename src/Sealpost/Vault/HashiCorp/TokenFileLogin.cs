namespace Sealpost.Vault.HashiCorp;

/// <summary>Takes the token that somebody else puts into a file, such as a Vault Agent; asks the server how long it is good for.</summary>
internal sealed class TokenFileLogin(VaultTransport transport, string tokenFile, TimeProvider time) : IVaultLogin
{
    public async Task<LoginAnswer> LogInAsync(CancellationToken cancellation)
    {
        Secret token;
        try
        {
            token = PrivateFile.Read(tokenFile);
        }
        catch (VaultException e)
        {
            return new LoginAnswer(null, new VaultAnswer(VaultVerdict.Refused, e.Message));
        }

        var givenAt = time.GetTimestamp();
        var reply = await transport.SendAsync(new VaultCall(HttpMethod.Get, "auth/token/lookup-self"), token, cancellation);
        return reply switch
        {
            { IsSuccess: true } => new LoginAnswer(new VaultLease(token, reply.Seconds("data", "ttl"), reply.Flag("data", "renewable"), givenAt)),
            { Status: 403 } => new LoginAnswer(null, new VaultAnswer(
                VaultVerdict.Refused, $"the token in Vault:TokenFile has ended, or may not look itself up (it says: {reply.Said})")),
            _ => new LoginAnswer(null, KvAnswers.OfFault(reply)),
        };
    }
}
