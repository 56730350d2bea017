using System.Net;
using System.Net.Sockets;

namespace Sealpost.Testing.Processes;

/// <summary>How to start the real executable: <c>sealpost serve</c> on a data directory, on loopback.</summary>
public sealed record SealpostLaunch
{
    /// <summary>The data directory; made by the service when it is missing.</summary>
    public required string Data { get; init; }

    /// <summary>The port of HTTPS; null: a free one.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>PEM files of roots that endpoints may have.</summary>
    public IReadOnlyList<string> Trust { get; init; } = [];

    /// <summary>Settings by their name in the contract, such as <c>Retry:FixedDelay</c>. Nothing is inherited from our own environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Variables of the environment beside the settings.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The built executable; by default the repository's own Release build.</summary>
    public string Executable { get; init; } =
        Path.Combine(RepositoryRoot.Path, "src", "Sealpost.Cli", "bin", "Release", "net10.0", "sealpost");

    /// <summary>A port of loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
