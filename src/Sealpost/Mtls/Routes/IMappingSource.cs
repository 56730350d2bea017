using Sealpost.Accounts;

namespace Sealpost.Mtls.Routes;

/// <summary>Answers which of an account's endpoints are mapped to a certificate.</summary>
internal interface IMappingSource
{
    /// <summary>One answer for each endpoint, in their order.</summary>
    /// <exception cref="HttpRequestException">MTLS was not reached or did not answer the question; the message says how.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or took too long.</exception>
    Task<IReadOnlyList<bool>> AskAsync(AccountId account, IReadOnlyList<string> endpoints, CancellationToken cancellation);
}
