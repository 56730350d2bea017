namespace Sealpost.Vault.HashiCorp;

/// <summary>A way to come by a token.</summary>
internal interface IVaultLogin
{
    /// <summary>A token that is good now, or why there is none.</summary>
    Task<LoginAnswer> LogInAsync(CancellationToken cancellation);
}

/// <summary>What came of a login: a lease, or the reason why there is none.</summary>
internal sealed record LoginAnswer(VaultLease? Lease, VaultAnswer? Failure = null);
