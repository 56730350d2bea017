using System.Text;
using Sealpost.Accounts;

namespace Sealpost.Vault;

/// <summary>What a sealed value belongs to. It opens for exactly this, so a row copied to another account or app does not open.</summary>
/// <param name="Account">The account that owns the value.</param>
/// <param name="Record">The record within the account, such as a client id and which of its secrets.</param>
internal readonly record struct SealedFor(AccountId Account, string Record)
{
    // An account id has no slash, so two owners never give the same bytes.
    public byte[] Bytes(string purpose) => Encoding.UTF8.GetBytes($"{purpose}/{Account.Value}/{Record}");
}
