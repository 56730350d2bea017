using Sealpost.IntegrationTests.Vault.Server;

namespace Sealpost.IntegrationTests.Vault;

/// <summary>The suite against the server at <c>VAULT_ADDR</c>; skipped where none is named (docs/operations.md).</summary>
public sealed class RealVaultTests : HashiCorpContract
{
    private protected override async Task<IVaultServer?> StartAsync()
    {
        var server = await RealVaultServer.StartAsync();
        Assert.SkipWhen(server is null, "VAULT_ADDR is not set");
        return server;
    }
}
