using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Roles;

namespace Sealpost.Benchmarks.Stage;

/// <summary>Measures the bare sender once: warm, against an HTTP/1.1 receiver of the same kind the service delivers to.</summary>
internal static class BareSender
{
    /// <summary>A cold one reads a third less and would flatter the service.</summary>
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);

    private const int InFlight = 64;

    public static async Task<Window> MeasureAsync(BenchArguments arguments)
    {
        await using var receiver = await ReceiverStage.StartAsync(http2: false);
        await using var sender = await RoleProcess.StartAsync(
            "sender", new BareSenderOrder(receiver.BoardPath, receiver.Endpoint, receiver.RootPath, ReceiverStage.Secret, InFlight));
        await Task.Delay(Warm, TimeProvider.System, CancellationToken.None);
        var from = Reading.Take(sender.Id, receiver.Board.Read(Counter.Posted), metrics: null);
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        var to = Reading.Take(sender.Id, receiver.Board.Read(Counter.Posted), metrics: null);
        return receiver.Board.Read(Counter.PostsFailed) == 0
            ? Window.Between(from, to)
            : throw new InvalidOperationException("Posts of the bare sender failed; its rate means nothing.");
    }
}
