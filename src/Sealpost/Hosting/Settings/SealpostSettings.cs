using System.Net;
using Sealpost.Deliveries;
using Sealpost.Dispatch;
using Sealpost.Domains;
using Sealpost.Health;
using Sealpost.Mtls;
using Sealpost.Publishing;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Storage;
using Sealpost.Vault;

namespace Sealpost.Hosting.Settings;

/// <summary>All settings of one process, checked and frozen at its start. Made by <see cref="SettingsReader"/>.</summary>
public sealed record SealpostSettings
{
    public ServerOptions Server { get; init; } = new();

    public SendingOptions Sending { get; init; } = new();

    public DispatchOptions Dispatch { get; init; } = new();

    public RetryOptions Retry { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    public PublishOptions Publish { get; init; } = new();

    public LimitOptions Limits { get; init; } = new();

    public EgressOptions Egress { get; init; } = new();

    public MtlsOptions Mtls { get; init; } = new();

    public DomainOptions Domains { get; init; } = new();

    public StorageOptions Storage { get; init; } = new();

    public VaultOptions Vault { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();

    /// <summary>What holds where nothing is set: Development also reaches endpoints on the loopback, at every port.</summary>
    public static SealpostSettings DefaultsFor(bool development) => development
        ? new()
        {
            Server = new() { Development = true },
            Egress = new()
            {
                AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")],
                AllowedPorts = [new PortRange(1, 65535)],
            },
        }
        : new();
}
