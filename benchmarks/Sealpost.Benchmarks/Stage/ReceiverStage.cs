using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Roles;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks.Stage;

/// <summary>A receiver in a process of its own, and the board it counts on.</summary>
internal sealed class ReceiverStage : IAsyncDisposable
{
    /// <summary>The client secret of every install in a benchmark; it guards nothing.</summary>
    public const string Secret = "benchmark";

    private readonly TemporaryFolder _folder;
    private readonly RoleProcess _receiver;

    private ReceiverStage(TemporaryFolder folder, RoleProcess receiver, long timedEvents)
    {
        _folder = folder;
        _receiver = receiver;
        TimedEvents = timedEvents;
        Board = Board.Open(BoardPath, timedEvents);
    }

    public Board Board { get; }

    public string BoardPath => _folder.Sub("board");

    public string RootPath => _folder.Sub("root.pem");

    public long TimedEvents { get; }

    /// <summary>One for each origin.</summary>
    public IReadOnlyList<Uri> Endpoints => [.. _receiver.Answer.Split(' ').Select(url => new Uri(url))];

    public Uri Endpoint => Endpoints[0];

    public static async Task<ReceiverStage> StartAsync(
        bool http2, long timedEvents = 0, int origins = 1, int holeEvery = 0, ClientCertificateMode clients = ClientCertificateMode.NoCertificate)
    {
        var folder = new TemporaryFolder();
        var receiver = await RoleProcess.StartAsync(
            "receiver", new ReceiverOrder(folder.Sub("board"), timedEvents, folder.Sub("root.pem"), Secret, http2, origins, holeEvery, clients));
        return new ReceiverStage(folder, receiver, timedEvents);
    }

    /// <summary>The service on a directory beside the board, trusting this receiver, all else on its defaults.</summary>
    public SealpostLaunch Launch(BenchArguments arguments, string directory = "data")
    {
        var launch = new SealpostLaunch { Data = _folder.Sub(directory), Trust = [RootPath] };
        return arguments.Executable is null ? launch : launch with { Executable = arguments.Executable };
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Board.Dispose();
        _folder.Dispose();
    }
}
