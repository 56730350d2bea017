using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Storage;

namespace Sealpost.Mtls.Routes;

/// <summary>
/// Asks MTLS for all endpoints of all installs at each interval (seed), one batched question an account, and at once for an endpoint
/// that nothing is known of. While MTLS cannot be reached the last answers hold, and it is asked again after growing pauses.
/// </summary>
/// <param name="source">MTLS.</param>
/// <param name="table">What is known.</param>
/// <param name="store">Keeps it.</param>
/// <param name="endpoints">All accounts' endpoints as of now.</param>
/// <param name="changed">Told when routes of these accounts have changed.</param>
/// <param name="interval">Setting <c>Mtls:MappingInterval</c>.</param>
/// <param name="beat">The heartbeat, once a turn.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Is told when an account's answers begin to be missing, and when they are back.</param>
internal sealed partial class RouteKeeper(
    IMappingSource source,
    RouteTable table,
    IRouteStore store,
    Func<ILookup<AccountId, string>> endpoints,
    Action<IReadOnlyCollection<AccountId>> changed,
    TimeSpan interval,
    Action beat,
    TimeProvider time,
    ILogger<RouteKeeper> log)
{
    private const int AccountsAtOnce = 8;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<AccountId, bool> _wanted = new();
    private readonly Dictionary<AccountId, Asking> _accounts = [];
    private readonly Dictionary<AccountId, Task> _running = [];
    private readonly ConcurrentDictionary<AccountId, IReadOnlyList<MappingAnswer>> _unsaved = new();

    // One sign is enough, however often it is given.
    private readonly Channel<bool> _turns = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something of this account is unknown: it is asked for at once. Thread safe.</summary>
    public void Want(AccountId account)
    {
        _wanted.TryAdd(account, true);
        _turns.Writer.TryWrite(true);
    }

    /// <summary>Runs until <paramref name="stop"/>; only a store that is broken throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var clock = time.CreateTimer(_ => _turns.Writer.TryWrite(true), null, TimeSpan.Zero, Turn);
        await foreach (var _ in _turns.Reader.ReadAllAsync(stop))
        {
            beat();
            await EndAsync();
            Begin(stop);
        }
    }

    // A slow MTLS must not stop the heart: what still runs is let run.
    private async Task EndAsync()
    {
        foreach (var (account, asking) in _running.Where(running => running.Value.IsCompleted).ToList())
        {
            _running.Remove(account);
            await asking;
        }
    }

    private void Begin(CancellationToken stop)
    {
        // Taken before the endpoints are read: what is wanted from now on is asked for again.
        var wanted = _wanted.Keys.Where(account => _wanted.TryRemove(account, out _)).ToHashSet();
        var all = endpoints();
        foreach (var gone in _accounts.Keys.Where(account => !all.Contains(account) && !_running.ContainsKey(account)).ToList())
        {
            _accounts.Remove(gone);
            _unsaved[gone] = [];
            Save();
        }

        foreach (var account in all)
        {
            var asking = AskingOf(account.Key);
            if (time.GetTimestamp() < asking.NextAt && (asking.Pause is not null || !wanted.Contains(account.Key)))
            {
                continue;
            }

            if (_running.Count < AccountsAtOnce && !_running.ContainsKey(account.Key))
            {
                _running.Add(account.Key, AskAsync(account.Key, asking, [.. account.Distinct(StringComparer.Ordinal)], stop));
            }
            else
            {
                // Its turn comes when one of those under way has ended.
                _wanted.TryAdd(account.Key, true);
            }
        }
    }

    private Asking AskingOf(AccountId account)
    {
        if (!_accounts.TryGetValue(account, out var asking))
        {
            _accounts.Add(account, asking = new Asking { NextAt = time.GetTimestamp() });
        }

        return asking;
    }

    private async Task AskAsync(AccountId account, Asking asking, List<string> urls, CancellationToken stop)
    {
        try
        {
            var isMapped = await source.AskAsync(account, urls, stop);
            Keep(account, [.. urls.Zip(isMapped, (url, answer) => new MappingAnswer(account, url, answer))]);
            if (asking.Pause is not null)
            {
                LogBack(account.Value);
            }

            (asking.Pause, asking.NextAt) = (null, After(interval));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            if (asking.Pause is null && !stop.IsCancellationRequested)
            {
                LogMissing(account.Value, e.Message);
            }

            asking.Pause = asking.Pause is { } before ? Least(before * 2, LongestPause) : FirstPause;
            asking.NextAt = After(Least(asking.Pause.Value, interval));
        }
        finally
        {
            _turns.Writer.TryWrite(true);
        }
    }

    private void Keep(AccountId account, IReadOnlyList<MappingAnswer> answers)
    {
        if (table.Put(account, answers))
        {
            _unsaved[account] = answers;
            changed([account]);
        }

        Save();
    }

    private void Save()
    {
        foreach (var (account, answers) in _unsaved)
        {
            try
            {
                store.Save(account, answers);
                _unsaved.TryRemove(KeyValuePair.Create(account, answers));
            }
            catch (StoreException e) when (e.Fault == StoreFault.Full)
            {
                // They hold without being stored; the next answer tries again.
                return;
            }
        }
    }

    private long After(TimeSpan wait) => time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Warning, Message = "MTLS does not say which endpoints of account {Account} are mapped: {Detail}. The last answers hold, and new endpoints wait.")]
    private partial void LogMissing(string account, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "MTLS says again which endpoints of account {Account} are mapped")]
    private partial void LogBack(string account);

    private sealed class Asking
    {
        public long NextAt { get; set; }

        /// <summary>The pause after the last failure; null: the last question was answered.</summary>
        public TimeSpan? Pause { get; set; }
    }
}
