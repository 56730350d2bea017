using System.Diagnostics;
using System.Threading.Channels;
using Sealpost.Benchmarks.Measuring;

namespace Sealpost.Benchmarks.Roles;

/// <summary>What is to be published, and how fast.</summary>
internal sealed record PublisherOrder
{
    public required string BoardPath { get; init; }

    /// <summary>See <see cref="Board.Open"/>.</summary>
    public long TimedEvents { get; init; }

    /// <summary>The service's HTTP port on loopback.</summary>
    public required int Port { get; init; }

    public required string Account { get; init; }

    public required string Token { get; init; }

    /// <summary>Events in a request: 1 as <c>application/json</c>, more as NDJSON.</summary>
    public int Lines { get; init; } = 1;

    public int Conversations { get; init; } = 4000;

    /// <summary>Event types, taken in turn: event number n is of type n modulo this. 0: the one that the events name themselves.</summary>
    public int EventTypes { get; init; }

    /// <summary>Connections, which is requests in flight at most.</summary>
    public int InFlight { get; init; } = 64;

    /// <summary>Closed loop: events sent and not arrived yet, at most. 0: no bound.</summary>
    public int MaxUndelivered { get; init; }

    /// <summary>Where it reads how many it may send in all. Null: no such bound.</summary>
    public Counter? Allowance { get; init; }

    /// <summary>The number of its first event.</summary>
    public long First { get; init; }

    /// <summary>Ends by itself after this many events. 0: runs until it is told to end.</summary>
    public long Events { get; init; }

    /// <summary>Open loop: requests a second. 0: closed loop.</summary>
    public int Rate { get; init; }
}

/// <summary>Publishes as fast as it is allowed to (closed loop), or at a rate whatever the answers do (open loop).</summary>
internal sealed class PublisherRole(Board board, PublisherOrder order, CancellationToken end)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<long> _due = Channel.CreateUnbounded<long>();
    private readonly long _arrivedBefore = board.Read(Counter.Arrived);

    public static async Task RunAsync()
    {
        var order = RoleInput.ReadOrder<PublisherOrder>();
        using var board = Board.Open(order.BoardPath, order.TimedEvents);
        var role = new PublisherRole(board, order, RoleInput.UntilInputEnds());
        var connections = await Task.WhenAll(Enumerable.Range(0, order.InFlight).Select(_ => PublishConnection.OpenAsync(order)));
        RoleInput.Answer("publishing");
        var pump = new Thread(role.Pump);
        pump.Start();
        await Task.WhenAll(connections.Select(connection => Task.Run(() => role.PublishAsync(connection))));
        pump.Join();
    }

    /// <summary>Every millisecond hands out the requests that have become due, by the bound or by the rate.</summary>
    private void Pump()
    {
        var started = Stopwatch.GetTimestamp();
        long next = 0;
        while (!end.IsCancellationRequested && (order.Events == 0 || next < order.Events))
        {
            for (var due = Due(Stopwatch.GetElapsedTime(started), next); next + order.Lines <= due; next += order.Lines)
            {
                _due.Writer.TryWrite(next);
            }

            Thread.Sleep(1);
        }

        _due.Writer.Complete();
    }

    // Without a bound, only so much is handed out that no connection runs dry within a millisecond.
    private long Due(TimeSpan elapsed, long next)
    {
        var due = order.Allowance is { } allowance ? board.Read(allowance)
            : order.Rate > 0 ? (long)(elapsed.TotalSeconds * order.Rate) * order.Lines
            : order.MaxUndelivered > 0 ? board.Read(Counter.Arrived) - _arrivedBefore + order.MaxUndelivered
            : next + Math.Max(0, (4 * order.InFlight) - _due.Reader.Count) * order.Lines;
        return order.Events == 0 ? due : Math.Min(due, order.Events);
    }

    private async Task PublishAsync(PublishConnection connection)
    {
        using (connection)
        {
            await foreach (var first in _due.Reader.ReadAllAsync(CancellationToken.None))
            {
                board.Pass(Passage.Sent, order.First + first, Stopwatch.GetTimestamp());
                while (!await connection.PublishAsync(order.First + first) && !end.IsCancellationRequested)
                {
                    board.Add(Counter.Refused, 1);
                    await Task.Delay(RefusedPause, TimeProvider.System, CancellationToken.None);
                }

                board.Pass(Passage.Accepted, order.First + first, Stopwatch.GetTimestamp());
                board.Add(Counter.Accepted, order.Lines);
                if (end.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }
}
