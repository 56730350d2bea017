using Microsoft.Extensions.Logging;
using Sealpost.Hosting.Lifetime;
using Sealpost.Hosting.Settings;
using Sealpost.Sending;
using Sealpost.Storage.Sqlite;
using Sealpost.Telemetry;
using Sealpost.Vault;

namespace Sealpost.Hosting;

/// <summary>What every room is built on; made once at the start, in this order.</summary>
internal sealed record Foundation
{
    public required SealpostSettings Settings { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Resolves the names of endpoints.</summary>
    public required HostLookup Lookup { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    public required DataDirectory Directory { get; init; }

    public required SqliteDatabase Database { get; init; }

    public required Secret AdminToken { get; init; }

    /// <summary>The token came from the environment: the file does not hold it.</summary>
    public required bool TokenIsGiven { get; init; }

    /// <summary>The vault's master key from the environment, and the one to change to; null: their files.</summary>
    public required (Secret? Present, Secret? Next) GivenMasterKey { get; init; }

    public required Shutdown Shutdown { get; init; }

    public required BackgroundLoops Loops { get; init; }

    public required Heartbeats Heartbeats { get; init; }

    public required SealpostMetrics Metrics { get; init; }
}
