using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sealpost.Deliveries.Live;
using Sealpost.Health;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Protocol.Notifications;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Operations;

/// <summary>
/// What happens to installs, carried to whoever wants to know: each change, of state or by a call, to the live stream; what an operator should
/// look at to the log, the audit, the live stream and the account's subscribers. It also disables the apps that the rule for slow endpoints
/// has found, because that is a change of the install like any other.
/// </summary>
/// <remarks>
/// <see cref="RunAsync"/> is one background loop, started by the host; it ends after <see cref="Complete"/>. News that is still
/// queued then is carried out before. News is not durable: a crash between the event and its telling loses the telling.
/// </remarks>
internal sealed partial class News(
    InstallRegistry installs,
    Func<Submission, Task<SubmissionResult>> submit,
    LiveEvents live,
    Action<OperationalEvent> audit,
    Action beat,
    TimeProvider clock,
    ILogger<News> log)
{
    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);

    private readonly Channel<object> _queue = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes news of an outbox; never waits.</summary>
    public void Post(Note note) => _queue.Writer.TryWrite(note);

    /// <summary>Takes a committed change of an install; never waits.</summary>
    public void Changed(Install? before, Install after)
    {
        live.Publish(InstallEvent.Of(before, after, clock.GetUtcNow()));
        if (before is { Enabled: true } && after is { Enabled: false, Deleted: false })
        {
            _queue.Writer.TryWrite(new AppEvent(EventTypes.AppDisabled, after, clock.GetUtcNow()) { Reason = after.DisabledReason });
        }
    }

    /// <summary>Nothing comes any more.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Tells everyone at once; any thread. False: the process stops and it was not published.</summary>
    public async Task<bool> PublishAsync(OperationalEvent told)
    {
        Log.Told(log, told.Type, told.Subject, told.Account.Value, told.Details);
        live.Publish(told.ToLive());
        audit(told);
        var result = await submit(told.ToSubmission());
        if (result.Refusal is not (Refusal.None or Refusal.Stopping))
        {
            Log.NotPublished(log, told.Type, told.Subject, result.Refusal);
        }

        return result.Refusal != Refusal.Stopping;
    }

    public async Task RunAsync()
    {
        using var timer = new PeriodicTimer(IdleTurn, clock);
        var tick = timer.WaitForNextTickAsync().AsTask();
        var more = _queue.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            beat();
            if (await Task.WhenAny(more, tick) == tick)
            {
                tick = timer.WaitForNextTickAsync().AsTask();
                continue;
            }

            if (!await more)
            {
                return;
            }

            while (_queue.Reader.TryRead(out var news))
            {
                await TellAsync(news);
            }

            more = _queue.Reader.WaitToReadAsync().AsTask();
        }
    }

    private Task TellAsync(object news) => news switch
    {
        StandingNote standing => TellAsync(standing),
        SlowNote { Verdict: SlowVerdict.Disable } slow => DisableAsync(slow),
        SlowNote slow => PublishAsync(SlowEvent(slow)),
        OperationalEvent told => PublishAsync(told),
        _ => throw new InvalidOperationException($"no such news: {news.GetType().Name}"),
    };

    private Task TellAsync(StandingNote note)
    {
        live.Publish(new StateEvent
        {
            Account = note.Install.Account,
            ClientId = note.Install.ClientId,
            At = note.At,
            Before = note.Before.State,
            After = note.After,
        });
        return (note.Before.State, note.After.State) switch
        {
            (_, InstallState.Failed) => PublishAsync(new AppEvent(EventTypes.AppFailed, note.Install, note.At)
            {
                Endpoints = [.. note.After.Failing.Keys],
                Reason = note.After.Step == 0 ? "enabled_with_stored_events"
                    : note.Because == OutcomeKind.MtlsUnavailable ? "mtls_unavailable"
                    : "attempt_failed",
            }),
            (InstallState.InTransition, InstallState.Recovered) or (InstallState.Failed or InstallState.InTransition, InstallState.Up) =>
                PublishAsync(new AppEvent(EventTypes.AppRecovered, note.Install, note.At)),
            _ => Task.CompletedTask,
        };
    }

    // Off this loop's thread of the pool it would hold up nothing but news; the store's lock is waited for for milliseconds.
    private Task DisableAsync(SlowNote slow)
    {
        // The verdict is about the install as it was. It may have waited here while somebody enabled or mended the app.
        var change = installs.Disable(slow.Install.Account, slow.Install.ClientId, DisabledReasons.SlowEndpoint, slow.Install.Revision);
        if (change.Kind == InstallChangeKind.Done)
        {
            Log.Slow(log, slow.Install.ClientIdText, slow.Install.Account.Value, slow.Endpoint, slow.Since);
        }

        return Task.CompletedTask;
    }

    private static AppEvent SlowEvent(SlowNote slow) =>
        new(EventTypes.AppSlow, slow.Install, slow.At) { Endpoints = [slow.Endpoint], Since = slow.Since };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Event}: {Subject} of account {Account} {Details}")]
        public static partial void Told(ILogger logger, string @event, string subject, string account, string details);

        [LoggerMessage(Level = LogLevel.Warning, Message = "App {ClientId} of account {Account} is disabled: {Endpoint} has been slow since {Since:O}")]
        public static partial void Slow(ILogger logger, string clientId, string account, string endpoint, DateTimeOffset since);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Event} about {Subject} was not published: {Refusal}")]
        public static partial void NotPublished(ILogger logger, string @event, string subject, Refusal refusal);
    }
}
