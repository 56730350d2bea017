namespace Sealpost.Accounts.Audit;

/// <summary>
/// Writes what was refused about once a second, and forgets once an hour what is older than the retention (setting
/// <c>Retention:Audit</c>).
/// </summary>
/// <remarks>One background loop, started by the host; it ends with the process's stopping, and closing the book writes the rest.</remarks>
internal sealed class AuditUpkeep(AuditBook book, TimeSpan retention, Action beat, TimeProvider clock)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _forgetAt = clock.GetUtcNow();

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Turn, clock);
        do
        {
            await TurnAsync();
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>One turn: a batch at most is forgotten, so that nobody waits long for the store.</summary>
    public async Task TurnAsync()
    {
        beat();
        await book.FlushAsync(all: false);
        var now = clock.GetUtcNow();
        if (now >= _forgetAt && !book.Forget(now - retention))
        {
            _forgetAt = now + ForgetInterval;
        }
    }
}
