namespace Sealpost.IntegrationTests.Vault.Server;

/// <summary>A server to test against, set up with a KV engine, a policy and an AppRole.</summary>
internal interface IVaultServer : IAsyncDisposable
{
    Uri Address { get; }

    string Mount { get; }

    string RoleId { get; }

    /// <summary>A fresh secret id of the role.</summary>
    Task<string> SecretIdAsync();

    /// <summary>A call by the server's operator; the path without <c>/v1/</c>. It must succeed.</summary>
    Task OperateAsync(HttpMethod method, string path, string? body = null);
}
