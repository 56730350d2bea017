namespace Sealpost.Vault;

/// <summary>What may be done with key material of a certain age: the time since the vault last said that it is there.</summary>
internal enum StaleVerdict
{
    /// <summary>Use it.</summary>
    Fresh,

    /// <summary>Use it, and ask the vault again meanwhile.</summary>
    Aging,

    /// <summary>Do not use it before the vault has been asked.</summary>
    TooOld,
}

/// <summary>The ages at which key material is confirmed and no longer used. Pure.</summary>
/// <param name="MaxStale">Setting <c>Mtls:VaultMaxStale</c>; zero: the vault is asked for every use.</param>
internal sealed record StaleRules(TimeSpan MaxStale)
{
    /// <summary>A certificate that somebody deletes in the vault is used this much longer at most.</summary>
    private static readonly TimeSpan LongestFresh = TimeSpan.FromMinutes(5);

    // A quarter: an outage that begins just before a confirmation still leaves most of the time that the setting promises.
    private TimeSpan Freshness => MaxStale / 4 < LongestFresh ? MaxStale / 4 : LongestFresh;

    public StaleVerdict Judge(TimeSpan age) =>
        age < Freshness ? StaleVerdict.Fresh
        : age < MaxStale ? StaleVerdict.Aging
        : StaleVerdict.TooOld;
}
