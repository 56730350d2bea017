namespace Sealpost.Vault.HashiCorp;

/// <summary>One request to the server.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">What comes after <c>/v1/</c>, already encoded; it may end with a query.</param>
/// <param name="Body">The body in JSON; null: none.</param>
internal sealed record VaultCall(HttpMethod Method, string Path, ReadOnlyMemory<byte>? Body = null);
