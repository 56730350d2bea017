using System.Diagnostics;
using System.Threading.Channels;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Benchmarks.Roles;

/// <summary>Whom to call, and how fast. The requests are the same, whoever takes them: a forward or the endpoint itself.</summary>
internal sealed record CallerOrder
{
    public required string BoardPath { get; init; }

    /// <summary>See <see cref="Board.Open"/>.</summary>
    public long TimedEvents { get; init; }

    /// <summary>HTTPS, on the loopback.</summary>
    public required Uri Url { get; init; }

    /// <summary>The endpoint, for <c>LP-forward-url</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>What each request is signed with.</summary>
    public required KeyFile Key { get; init; }

    /// <summary>The client secret.</summary>
    public required string Secret { get; init; }

    /// <summary>A p12 file without a password that is presented in the handshake; null: none.</summary>
    public string? ClientPath { get; init; }

    /// <summary>Connections, which is requests in flight at most.</summary>
    public int InFlight { get; init; } = 64;

    /// <summary>Open loop: requests a second. 0: closed loop, until it is told to end.</summary>
    public int Rate { get; init; }

    /// <summary>The number of the first event.</summary>
    public long First { get; init; }

    /// <summary>How many in an open loop.</summary>
    public long Events { get; init; }
}

/// <summary>Sends signed requests of 1 KB and waits for the answers.</summary>
internal sealed class CallerRole(Board board, CallerOrder order, CancellationToken end)
{
    private readonly Channel<long> _due = Channel.CreateUnbounded<long>();
    private long _next = order.First;

    public static async Task RunAsync()
    {
        var order = RoleInput.ReadOrder<CallerOrder>();
        using var board = Board.Open(order.BoardPath, order.TimedEvents);
        var role = new CallerRole(board, order, RoleInput.UntilInputEnds());
        var connections = await Task.WhenAll(Enumerable.Range(0, order.InFlight).Select(_ => CallConnection.OpenAsync(order)));
        RoleInput.Answer("calling");
        if (order.Rate > 0)
        {
            new Thread(role.Pump).Start();
        }

        await Task.WhenAll(connections.Select(connection => Task.Run(() => role.CallAsync(connection))));
    }

    /// <summary>Every millisecond hands out what has become due. It counts as sent from then on, even where it has to wait for a connection.</summary>
    private void Pump()
    {
        var started = Stopwatch.GetTimestamp();
        for (long next = 0; next < order.Events && !end.IsCancellationRequested; Thread.Sleep(1))
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * order.Rate); next < Math.Min(due, order.Events); next++)
            {
                board.Pass(Passage.Sent, order.First + next, Stopwatch.GetTimestamp());
                _due.Writer.TryWrite(order.First + next);
            }
        }

        _due.Writer.Complete();
    }

    private async Task CallAsync(CallConnection connection)
    {
        using (connection)
        {
            if (order.Rate > 0)
            {
                await foreach (var number in _due.Reader.ReadAllAsync(CancellationToken.None))
                {
                    await CallAsync(connection, number);
                }
            }

            while (order.Rate == 0 && !end.IsCancellationRequested)
            {
                await CallAsync(connection, Interlocked.Increment(ref _next));
            }
        }
    }

    private async Task CallAsync(CallConnection connection, long number)
    {
        var isTaken = await connection.CallAsync(number);
        board.Pass(Passage.Accepted, number, Stopwatch.GetTimestamp());
        board.Add(isTaken ? Counter.Posted : Counter.PostsFailed, 1);
    }
}
