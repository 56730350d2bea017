using Sealpost.Sending;
using Sealpost.Testing;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Support;

/// <summary>What is not usual about a <see cref="RunningService"/>.</summary>
internal sealed record RunningOptions
{
    /// <summary>How its receiver listens.</summary>
    public Func<Pki, ReceiverOptions> Receiver { get; init; } = pki => new ReceiverOptions(pki.Server());

    public string Environment { get; init; } = "Development";

    /// <summary>The port of HTTPS; 0: a free one.</summary>
    public int HttpsPort { get; init; }

    /// <summary>How endpoints' names are resolved; null: as the system does.</summary>
    public HostLookup? Lookup { get; init; }
}
