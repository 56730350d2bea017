using System.Net;
using System.Net.Sockets;
using Sealpost.Testing;
using Sealpost.Testing.Processes;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>One bad endpoint: the app installed there, and where it listens or would listen.</summary>
internal sealed record HostileEndpoint(HostileKind Kind, NewInstall Install)
{
    public IPEndPoint Address { get; } = new(IPAddress.Parse(Install.Endpoint.Host), Install.Endpoint.Port);
}

/// <summary>All bad endpoints of a run, each an origin of its own.</summary>
internal sealed class HostileEndpoints : IAsyncDisposable
{
    private const int UnansweredPort = 8443;
    private const int Retries = 1;
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    private readonly List<RawReceiver> _receivers = [];
    private readonly Socket _issuer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly NetworkHole? _hole;

    public HostileEndpoints(HostilePlan plan, Pki pki)
    {
        _hole = NetworkHole.TryMake(out var reason);
        NoHole = reason;
        _issuer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _issuer.Listen();
        using var intermediate = pki.Intermediate();
        var unfetched = intermediate.WithIssuerUrl(new Uri($"http://127.0.0.1:{((IPEndPoint)_issuer.LocalEndPoint!).Port}/issuer"));
        var server = pki.Server();
        foreach (var kind in HostileKind.All.Where(kind => kind.Script is not null))
        {
            for (var i = 0; i < plan.Each; i++)
            {
                _receivers.Add(RawReceiver.Start(kind == HostileKind.HangingIssuer ? unfetched : server, kind.Script!, pace: plan.Drip));
                Add(kind, _receivers[^1].Url, group: i);
            }
        }

        for (var i = 0; _hole is not null && i < plan.Each; i++)
        {
            Add(HostileKind.BlackHole, new UriBuilder("https", _hole.Address(i + 1).ToString(), UnansweredPort).Uri, group: i);
        }
    }

    public List<HostileEndpoint> All { get; } = [];

    /// <summary>Why no black hole could be made; empty: there is one.</summary>
    public string NoHole { get; }

    /// <summary>The networks that the service has to be allowed.</summary>
    public string Networks => _hole is null ? "127.0.0.0/8" : $"127.0.0.0/8,{_hole.Network}";

    /// <summary>Whether anybody came to fetch an issuer or a list of revoked certificates.</summary>
    public bool IssuerWasAsked => _issuer.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>What the endpoints of one group are subscribed to, one of each kind: so events come to all of them in turn and not at once.</summary>
    public static string EventType(long group) => $"hostile.Event{group}";

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_receivers.Select(receiver => receiver.DisposeAsync().AsTask()));
        _issuer.Dispose();
        _hole?.Dispose();
    }

    private void Add(HostileKind kind, Uri endpoint, int group)
    {
        var byNumbers = All.Count % 2 == 0;
        All.Add(new HostileEndpoint(kind, new NewInstall($"hostile {All.Count}", endpoint, EventType(group))
        {
            MaxRetries = byNumbers ? Retries : null,
            RetentionTime = byNumbers ? null : Retention,
        }));
    }
}
