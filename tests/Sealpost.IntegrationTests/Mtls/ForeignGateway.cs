using System.Text;
using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing;
using Sealpost.Testing.Receivers;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>An MTLS service of somebody else's, as the Domain API names it for account <c>acme</c>; it answers what a test wants.</summary>
internal sealed class ForeignGateway : IAsyncDisposable
{
    public const string Account = "acme";
    private const string CheckPath = "/mtls/mapping";

    private readonly Pki _pki = new();
    private ScriptedReceiver? _server;

    /// <summary>What the check call says of every endpoint; null: it answers 500.</summary>
    public bool? IsMapped { get; set; } = true;

    /// <summary>Endpoints that are not mapped, whatever <see cref="IsMapped"/> says of the others.</summary>
    public HashSet<string> Direct { get; } = [];

    /// <summary>Answers the forwards.</summary>
    public Func<Received> Forwarding { get; set; } = () => new Received(200);

    /// <summary>The forwards that came.</summary>
    public IReadOnlyList<ReceivedRequest> Forwards => [.. _server!.Requests.Where(request => !request.Target.StartsWith(CheckPath, StringComparison.Ordinal))];

    public IReadOnlyList<ReceivedRequest> Checks => [.. _server!.Requests.Where(request => request.Target.StartsWith(CheckPath, StringComparison.Ordinal))];

    public static async Task<ForeignGateway> StartAsync()
    {
        var gateway = new ForeignGateway();
        gateway._server = await ScriptedReceiver.StartAsync(gateway._pki.Server(), TestContext.Current.CancellationToken);
        gateway._server.Answering = gateway.Answer;
        return gateway;
    }

    /// <summary>A service that finds it, and asks and tries again quickly.</summary>
    public Task<RunningService> ServeAsync() => RunningService.StartAsync(
        ($"SEALPOST_Domains__Overrides__{Account}__mtlsGateway", _server!.Url.Authority),
        ("SEALPOST_Mtls__GatewayRoots", _pki.RootFile),
        ("SEALPOST_Mtls__MappingInterval", "00:00:00.3"),
        ("SEALPOST_Retry__FixedDelay", "00:00:00.3"),
        ("SEALPOST_Retry__BackoffBase", "00:00:00.2"));

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _pki.Dispose();
    }

    private Received Answer(ReceivedRequest request) =>
        !request.Target.StartsWith(CheckPath, StringComparison.Ordinal) ? Forwarding()
        : IsMapped is { } isMapped ? new Received(200) { Body = Encoding.UTF8.GetBytes(Check(request.Text, isMapped)) }
        : new Received(500);

    private string Check(string questions, bool isMapped) => "[" + string.Join(',', JsonDocument.Parse(questions).RootElement.EnumerateArray().Select(question =>
        $$"""{"serviceName":"WEBHOOKS","accountId":"{{Account}}","url":{{question.GetProperty("url").GetRawText()}},"doExist":{{(isMapped && !Direct.Contains(question.GetProperty("url").GetString()!) ? "true" : "false")}}}""")) + "]";
}
