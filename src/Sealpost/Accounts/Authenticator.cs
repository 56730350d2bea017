using Microsoft.Extensions.Primitives;
using Sealpost.Accounts.Failures;

namespace Sealpost.Accounts;

/// <summary>
/// Says who makes a call, and whether they may. It works on hashes in memory: no lock, no store, no allocation, so the publish
/// path can ask it for every event. Thread safe.
/// </summary>
public sealed class Authenticator
{
    private const string Scheme = "Bearer ";

    private readonly AdministratorToken _administrator;
    private readonly TokenDirectory _tokens;
    private readonly TimeProvider _time;

    internal Authenticator(AdministratorToken administrator, TokenDirectory tokens, TimeProvider time, FailureLimits? failures = null)
    {
        _administrator = administrator;
        _tokens = tokens;
        _time = time;
        Failures = failures ?? new FailureLimits(time);
    }

    /// <summary>Who failed too often to be looked at.</summary>
    internal FailureLimits Failures { get; }

    /// <summary>Judges a call by its <c>Authorization</c> header. The caller is null unless the verdict is granted.</summary>
    /// <param name="authorizationHeader">All values of the header; two of them are nobody known.</param>
    /// <param name="account">The account that the call is about.</param>
    /// <param name="need">What the call needs.</param>
    public (Verdict Verdict, Caller? Caller) Authenticate(StringValues authorizationHeader, AccountId account, Need need)
    {
        var caller = Identify(authorizationHeader);
        var verdict = CallerRules.Judge(caller, account, need);
        return (verdict, verdict == Verdict.Granted ? caller : null);
    }

    /// <summary>Ends when the next token is revoked; to be asked for before a caller is judged anew.</summary>
    internal Task NextRevocation => _tokens.NextRemoval;

    /// <summary>Who shows this header, whatever they may do; null: nobody known.</summary>
    internal Caller? Identify(StringValues authorizationHeader) => authorizationHeader.Count == 1 ? Identify(authorizationHeader[0]) : null;

    /// <summary>The owner of a bare token, such as a login's password; null: nobody known.</summary>
    internal Caller? Owner(ReadOnlySpan<char> token)
    {
        if (!TokenHash.TryOf(token, out var hash))
        {
            return null;
        }

        if (_administrator.Is(hash))
        {
            return _administrator.Caller;
        }

        return _tokens.TryFind(hash, _time.GetUtcNow(), out var caller) ? caller : null;
    }

    private Caller? Identify(string? header) =>
        header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Owner(header.AsSpan(Scheme.Length).Trim(' '))
            : null;
}
