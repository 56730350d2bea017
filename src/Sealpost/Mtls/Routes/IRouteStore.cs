using Sealpost.Accounts;

namespace Sealpost.Mtls.Routes;

/// <summary>Keeps what MTLS answered last, so that a restart need not wait for it.</summary>
internal interface IRouteStore
{
    IReadOnlyList<MappingAnswer> Load();

    /// <summary>These are the account's answers now; all others of it are forgotten.</summary>
    void Save(AccountId account, IReadOnlyList<MappingAnswer> answers);
}

/// <summary>Whether an endpoint is mapped to a certificate for the service <c>WEBHOOKS</c>.</summary>
internal sealed record MappingAnswer(AccountId Account, string Endpoint, bool IsMapped);
