using Sealpost.Accounts;
using Sealpost.Domains;
using Sealpost.Health;
using Sealpost.Storage;
using Sealpost.Vault;

namespace Sealpost.Hosting.Settings;

/// <summary>The table of contract.md as code: every setting there is, with its rule and its place.</summary>
internal static class KnownSettings
{
    private const string OverridesPrefix = "Domains:Overrides:";
    private const long GiB = 1L << 30;

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, Setting> ByKey = All().ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every key that is not made of account and service names.</summary>
    public static IEnumerable<string> Keys => ByKey.Keys;

    /// <summary>The setting named <paramref name="key"/> in any case; null when there is none.</summary>
    public static Setting? Find(string key) => key.StartsWith(OverridesPrefix, StringComparison.OrdinalIgnoreCase)
        ? DomainOverride(key)
        : ByKey.GetValueOrDefault(key);

    private static IEnumerable<Setting> All() => [.. Delivery(), .. RetryAndHealth(), .. Publishing(), .. Keeping(), .. Vault(), .. Mtls(), .. Server()];

    private static IEnumerable<Setting> Delivery() =>
    [
        Setting.Duration("Delivery:ConnectTimeout", Millisecond, Minute, (s, v) => s with { Sending = s.Sending with { ConnectTimeout = v } }),
        Setting.Duration("Delivery:ResponseTimeout", Millisecond, Minute, (s, v) => s with { Sending = s.Sending with { ResponseTimeout = v } }),
        Setting.One<System.Security.Authentication.SslProtocols>(
            "Delivery:MinimumTls", "1.2 or 1.3", Parsers.Tls, (s, v) => s with { Sending = s.Sending with { TlsProtocols = v } }),
        Setting.Whole("Delivery:Concurrency", 1, 65536, (s, v) => s with { Dispatch = s.Dispatch with { Concurrency = (int)v } }),
        Setting.Whole("Delivery:OriginConcurrency", 1, 1024, (s, v) => s with { Dispatch = s.Dispatch with { OriginConcurrency = (int)v } }),
        Setting.Many<System.Net.IPNetwork>(
            "Egress:AllowedNetworks", "a list of networks such as 10.0.0.0/8", Parsers.Network, (s, v) => s with { Egress = s.Egress with { AllowedNetworks = v } }),
        Setting.Many<Sending.PortRange>(
            "Egress:AllowedPorts", "a list of ports and ranges such as 443 and 1024-65535", Parsers.Ports, (s, v) => s with { Egress = s.Egress with { AllowedPorts = v } }),
        Setting.Files("Egress:TrustedRoots", (s, v) => s with { Egress = s.Egress with { TrustedRoots = v } }),
    ];

    private static IEnumerable<Setting> RetryAndHealth() =>
    [
        Setting.Duration("Retry:FixedDelay", Millisecond, Day, (s, v) => s with { Retry = s.Retry with { FixedDelay = v } }),
        Setting.Duration("Retry:BackoffBase", Millisecond, Day, (s, v) => s with { Retry = s.Retry with { BackoffBase = v } }),
        Setting.Duration("Retry:BackoffMax", Millisecond, Day, (s, v) => s with { Retry = s.Retry with { BackoffMax = v } }),
        Setting.Duration("Health:SlowThreshold", Millisecond, Minute, (s, v) => s with { Health = s.Health with { SlowThreshold = v } }),
        Setting.Duration("Health:SlowWindow", Millisecond, Day, (s, v) => s with { Health = s.Health with { SlowWindow = v } }),
        Setting.Choice(
            "Health:SlowPolicy",
            new Dictionary<string, SlowPolicy> { ["disable"] = SlowPolicy.Disable, ["warn"] = SlowPolicy.Warn, ["off"] = SlowPolicy.Off },
            (s, v) => s with { Health = s.Health with { SlowPolicy = v } }),
    ];

    private static IEnumerable<Setting> Publishing() =>
    [
        Setting.Whole("Publish:MaxEventBytes", 1, GiB, (s, v) => s with { Publish = s.Publish with { MaxEventBytes = (int)v } }),
        Setting.Whole("Publish:MaxRequestBytes", 1, GiB, (s, v) => s with { Publish = s.Publish with { MaxRequestBytes = (int)v } }),
        Setting.Whole("Publish:MaxLines", 1, 1_000_000, (s, v) => s with { Publish = s.Publish with { MaxLines = (int)v } }),
        Setting.Duration("Publish:IdempotencyWindow", Millisecond, 30 * Day, (s, v) => s with { Publish = s.Publish with { IdempotencyWindow = v } }),
        Setting.Whole("Limits:StoredPerAccount", 1, long.MaxValue, (s, v) => s with { Limits = s.Limits with { StoredPerAccount = v } }),
        Setting.Whole("Limits:StoredBytesPerAccount", 1, long.MaxValue, (s, v) => s with { Limits = s.Limits with { StoredBytesPerAccount = v } }),
        Setting.Whole("Limits:DiskReserveBytes", 0, long.MaxValue, (s, v) => s with { Limits = s.Limits with { DiskReserveBytes = v } }),
    ];

    private static IEnumerable<Setting> Keeping() =>
    [
        Setting.Choice(
            "Storage:Provider",
            new Dictionary<string, StorageProvider> { ["sqlite"] = StorageProvider.Sqlite },
            (s, v) => s with { Storage = s.Storage with { Provider = v } }),
        Setting.Refused("Storage:ConnectionString", "absent: the sqlite store is a file of the data directory"),
        Setting.Duration("Retention:Deliveries", Millisecond, 3650 * Day, (s, v) => s with { Retention = s.Retention with { Deliveries = v } }),
        Setting.Duration("Retention:Attempts", Millisecond, 3650 * Day, (s, v) => s with { Retention = s.Retention with { Attempts = v } }),
        Setting.Duration("Retention:Audit", Millisecond, 3650 * Day, (s, v) => s with { Retention = s.Retention with { Audit = v } }),
    ];

    private static IEnumerable<Setting> Vault() =>
    [
        Setting.Choice(
            "Vault:Provider",
            new Dictionary<string, VaultProvider> { ["local"] = VaultProvider.Local, ["hashicorp"] = VaultProvider.HashiCorp },
            (s, v) => s with { Vault = s.Vault with { Provider = v } }),
        Setting.One<Uri>(
            "Vault:Address",
            "an https URL without a path (http on the loopback alone)",
            Parsers.SafeOrigin,
            (s, v) => s with { Vault = s.Vault with { Address = v } }),
        Setting.One<string>("Vault:Mount", "names joined by /, such as secret", Parsers.VaultPath, (s, v) => s with { Vault = s.Vault with { Mount = v } }),
        Setting.One<string>("Vault:Namespace", "names joined by /", Parsers.VaultPath, (s, v) => s with { Vault = s.Vault with { Namespace = v } }),
        Setting.One<string>("Vault:RoleId", "the AppRole's role id", Parsers.Token, (s, v) => s with { Vault = s.Vault with { RoleId = v } }),
        Setting.File("Vault:SecretIdFile", (s, v) => s with { Vault = s.Vault with { SecretIdFile = v } }),
        Setting.File("Vault:TokenFile", (s, v) => s with { Vault = s.Vault with { TokenFile = v } }),
        Setting.File("Vault:CaFile", (s, v) => s with { Vault = s.Vault with { CaFile = v } }),
    ];

    private static IEnumerable<Setting> Mtls() =>
    [
        Setting.Duration("Mtls:MappingInterval", Millisecond, Day, (s, v) => s with { Mtls = s.Mtls with { MappingInterval = v } }),
        Setting.Whole("Mtls:Throttle:PermitsPerSecond", 1, 1_000_000, (s, v) => s with { Mtls = s.Mtls with { PermitsPerSecond = (int)v } }),
        Setting.Whole("Mtls:Throttle:Burst", 1, 1_000_000, (s, v) => s with { Mtls = s.Mtls with { Burst = (int)v } }),
        Setting.Files("Mtls:GatewayRoots", (s, v) => s with { Mtls = s.Mtls with { GatewayRoots = v } }),
        Setting.Duration("Mtls:VaultMaxStale", TimeSpan.Zero, 30 * Day, (s, v) => s with { Mtls = s.Mtls with { VaultMaxStale = v } }),
        Setting.One<Uri>("Domains:Url", "an http or https URL without a path", Parsers.Origin, (s, v) => s with { Domains = s.Domains with { Url = v } }),
    ];

    private static IEnumerable<Setting> Server() =>
    [
        Setting.File("Server:Certificate", (s, v) => s with { Server = s.Server with { Certificate = v } }),
        Setting.File("Server:CertificateKey", (s, v) => s with { Server = s.Server with { CertificateKey = v } }),
        Setting.One<Uri>("Server:PublicUrl", "an http or https URL without a path", Parsers.Origin, (s, v) => s with { Server = s.Server with { PublicUrl = v } }),
        Setting.Many<System.Net.IPNetwork>(
            "Server:TrustedProxies", "a list of addresses and networks", Parsers.Network, (s, v) => s with { Server = s.Server with { TrustedProxies = v } }),
        Setting.Whole("Limits:Connections", 1, 1_000_000, (s, v) => s with { Server = s.Server with { Connections = (int)v } }),
        Setting.Whole("Limits:ConnectionsPerAddress", 1, 1_000_000, (s, v) => s with { Server = s.Server with { ConnectionsPerAddress = (int)v } }),
    ];

    // Domains:Overrides:{account}:{service}; the names keep their case.
    private static Setting? DomainOverride(string key)
    {
        var names = key[OverridesPrefix.Length..].Split(':');
        if (names.Length != 2 || names[1].Length == 0 || !AccountId.TryParse(names[0], out var account))
        {
            return null;
        }

        return Setting.One<string>(key, "host[:port]", Parsers.Authority, (s, authority) => s with
        {
            Domains = s.Domains with
            {
                Overrides =
                [
                    .. s.Domains.Overrides.Where(other => other.Account != account || other.Service != names[1]),
                    new DomainOverride(account, names[1], authority),
                ],
            },
        });
    }
}
