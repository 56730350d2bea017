using Sealpost.Accounts;

namespace Sealpost.Sending;

/// <summary>Finds how an endpoint of an account is reached. Answers from memory, at once; an endpoint not asked about before is unknown.</summary>
internal delegate EndpointRoute FindRoute(AccountId account, Uri endpoint);

/// <summary>How one endpoint of one account is reached as of now. Whoever knows writes it, each attempt reads it. Thread safe.</summary>
/// <param name="present">What is known at first.</param>
internal sealed class EndpointRoute(Route present)
{
    private volatile Route _present = present;

    /// <summary>The route of an attempt that starts now; those in flight finish on theirs.</summary>
    public Route Present
    {
        get => _present;
        set => _present = value;
    }

    /// <summary>A <see cref="FindRoute"/> without an MTLS service: every endpoint is reached straight.</summary>
    public static EndpointRoute AlwaysDirect(AccountId account, Uri endpoint) => new(Route.Direct);
}
