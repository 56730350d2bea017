using System.Diagnostics.CodeAnalysis;

namespace Sealpost.Vault;

/// <summary>What a vault says.</summary>
internal enum VaultVerdict
{
    /// <summary>It was done, or here it is.</summary>
    Done,

    /// <summary>Nothing was ever stored there, or all trace of it was wiped.</summary>
    Absent,

    /// <summary>Somebody deleted it in the vault; an operator of the vault can undelete it.</summary>
    Deleted,

    /// <summary>Somebody destroyed it in the vault, for good.</summary>
    Destroyed,

    /// <summary>Something else is stored there already.</summary>
    Conflict,

    /// <summary>The vault cannot be reached, is sealed or overloaded: later it may work.</summary>
    Unavailable,

    /// <summary>The vault does not let us, or is not set up as the settings say: an operator has to act.</summary>
    Refused,

    /// <summary>What is stored there is not what this program wrote.</summary>
    Damaged,
}

/// <summary>A vault's answer to one call.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Detail">One line for the operator, without a secret; empty when it was done.</param>
internal sealed record VaultAnswer(VaultVerdict Verdict, string Detail = "")
{
    public static readonly VaultAnswer Done = new(VaultVerdict.Done);

    /// <summary>What was fetched.</summary>
    public KeyMaterial? Material { get; init; }

    /// <summary>When the vault itself asked to be tried again; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    [MemberNotNullWhen(true, nameof(Material))]
    public bool IsFetched => Material is not null;

    /// <summary>The vault did not do its work, so it says nothing about what it keeps.</summary>
    public bool IsOutage => Verdict is VaultVerdict.Unavailable or VaultVerdict.Refused;
}
