using Microsoft.Extensions.Logging;

namespace Sealpost.Vault;

/// <summary>How far the vault can be relied on.</summary>
internal enum VaultCondition
{
    /// <summary>The last that was asked was answered.</summary>
    Reached,

    /// <summary>It cannot be reached now; what was fetched before is still used.</summary>
    Stale,

    /// <summary>It has not been reached for so long that nothing is used any more.</summary>
    Lost,
}

/// <summary>
/// Remembers whether the vault does its work, for readiness and for whoever wants to ask it: while it does not, it is asked again only
/// after pauses. Thread safe.
/// </summary>
/// <param name="maxStale">Setting <c>Mtls:VaultMaxStale</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Is told when an outage begins and when it ends.</param>
internal sealed partial class VaultWatch(TimeSpan maxStale, TimeProvider time, ILogger<VaultWatch> log)
{
    private readonly Lock _changing = new();
    private long _lastReached = time.GetTimestamp();
    private VaultAnswer? _outage;
    private Pause _pause;

    public VaultCondition Condition
    {
        get
        {
            lock (_changing)
            {
                return _outage is null ? VaultCondition.Reached
                    : time.GetElapsedTime(_lastReached) <= maxStale ? VaultCondition.Stale
                    : VaultCondition.Lost;
            }
        }
    }

    /// <summary>What to answer without asking, because the vault was asked a moment ago and did not do its work; null: ask.</summary>
    public VaultAnswer? Outage
    {
        get
        {
            lock (_changing)
            {
                return _pause.IsOn(time) ? _outage : null;
            }
        }
    }

    /// <summary>Takes note of an answer, whatever it was about.</summary>
    public void Heard(VaultAnswer answer)
    {
        bool began, ended;
        lock (_changing)
        {
            (began, ended) = (answer.IsOutage && _outage is null, !answer.IsOutage && _outage is not null);
            if (answer.IsOutage)
            {
                _outage = answer;
                _pause = _pause.Longer(time, answer.RetryAfter);
            }
            else
            {
                (_outage, _pause, _lastReached) = (null, default, time.GetTimestamp());
            }
        }

        if (began)
        {
            LogBegan(answer.Detail);
        }

        if (ended)
        {
            LogEnded();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault does not do its work: {Detail}")]
    private partial void LogBegan(string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "The vault does its work again")]
    private partial void LogEnded();
}
