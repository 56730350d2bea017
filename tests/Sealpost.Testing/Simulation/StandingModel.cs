using Sealpost.Installs;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// The states of one install that retries by time to live, followed from outside (protocol 4). Mostly what was seen allows
/// one account of how it stands; where the engine may have done something unseen, or the protocol leaves a choice, there are
/// several. An observation that no account allows breaks the protocol.
/// </summary>
/// <remarks>Unseen: a round that is due begins, an untested endpoint leaves, a drain ends with a death that is not recorded yet.</remarks>
internal sealed class StandingModel(OwedInstall install, EndpointBits bits, VirtualClock clock)
{
    private List<Standing> _accounts = [Standing.Up];
    private Standing[] _kept = [Standing.Up];
    private Install _keptInstall = install.Present;

    public IReadOnlyList<Standing> Accounts => _accounts;

    /// <summary>Whether the attempt that has just started counts for slowness.</summary>
    public Counting Counting => InstallHistory.IsByNumbers(install.Present) || _accounts.TrueForAll(static standing => standing.State != StandingState.Failed)
        ? Counting.Always
        : _accounts.TrueForAll(static standing => standing.State == StandingState.Failed) ? Counting.Never : Counting.Perhaps;

    private DateTimeOffset Now => clock.Now;

    /// <summary>Before anything is seen of the install, and before time passes: what may have happened unseen.</summary>
    public void Expect() => Move(isAtRest: false);

    public void Started(OwedDelivery owed)
    {
        if (InstallHistory.IsByNumbers(install.Present))
        {
            return;
        }

        var endpoint = bits.Of(owed.Endpoint!);
        Keep(
            standing => ObjectionTo(standing, owed, endpoint),
            standing => standing.Round is null ? standing : StandingRules.Probes(standing, endpoint, owed.StartedAs),
            what => $"{owed} was attempted {what}");
    }

    /// <param name="owed">Already marked as ended.</param>
    /// <param name="outcome">What came of it.</param>
    public void Ended(OwedDelivery owed, Outcome outcome)
    {
        if (install.IsOnDuty)
        {
            var endpoint = bits.Of(owed.Endpoint!);
            var webhook = InstallHistory.WebhookOf(install.Present, owed.Event.EventType);
            Become(standing => AfterEnd(standing, owed, endpoint, outcome, webhook is null || owed.IsRemoved || owed.IsDropped, webhook?.MaxRetries == 0));
            Move(isAtRest: false);
        }
    }

    /// <summary>The install's history has the change already.</summary>
    /// <param name="before">What it was.</param>
    /// <param name="mayBeUnknown">The engine may have heard of it, or not yet.</param>
    public void Told(Install before, bool mayBeUnknown = false)
    {
        var heads = install.Look();
        Become(standing => mayBeUnknown ? [standing, .. AfterChange(standing, before, heads)] : AfterChange(standing, before, heads));
    }

    /// <summary>All that the engine had to write is durable.</summary>
    public void Kept()
    {
        _kept = _accounts.Count == _kept.Length && _accounts.SequenceEqual(_kept) ? _kept : [.. _accounts];
        _keptInstall = install.Present;
    }

    /// <summary>The process died and the engine starts again with what is durable. The install's history is as the start finds it.</summary>
    public void Crashed()
    {
        var heads = install.Look();
        _accounts = [.. _kept];
        Become(standing => StandingRules.Resumes(standing, install.LastAccepted));
        if (_keptInstall.Revision != install.Present.Revision)
        {
            // Whether a change in between was acted upon, in part or not at all, depends on what was written of it.
            Become(standing => [standing, .. AfterChange(standing, _keptInstall, heads), Standing.Up, .. Enabled(Standing.Up, heads)]);
        }

        if (InstallHistory.IsByNumbers(install.Present))
        {
            _accounts = [Standing.Up];
        }
    }

    /// <summary>The engine has nothing to do at this moment: what may have happened has.</summary>
    /// <param name="maySend">Of these endpoints, those where nothing keeps an attempt from starting.</param>
    public void Rested(Func<ulong, ulong> maySend)
    {
        install.IsReturning = install.IsReturning && install.Deliveries.Exists(static owed => owed.IsInFlight);
        if (install.IsOnDuty)
        {
            Move(isAtRest: true);
            var heads = install.Look();
            var sendable = maySend(heads.Sendable);
            Keep(standing => StandingRules.ObjectionToRest(standing, heads, sendable), static standing => standing, what => $"nothing happens, but {what}");
        }
    }

    /// <summary>What the engine says of the install while it has nothing to do.</summary>
    public void Observed(string state, DateTimeOffset? nextAttemptAt)
    {
        if (install.IsOnDuty)
        {
            Keep(
                standing => standing.Name != state ? $"must be {standing}"
                    : standing is { State: StandingState.Failed, Round: null } && nextAttemptAt != standing.Due ? $"must try again at {standing.Due:O}"
                    : standing.Round is not null && nextAttemptAt is not null && !install.IsHeldUp ? "its round is under way"
                    : null,
                static standing => standing,
                what => $"it says {state}, next attempt {nextAttemptAt:O}, and {what}");
        }
    }

    private string? ObjectionTo(Standing standing, OwedDelivery owed, ulong endpoint)
    {
        if (standing.State != StandingState.Failed)
        {
            return null;
        }

        if (standing.Round is not { } round)
        {
            return $"{standing.Due - Now} before the round of its failed install is due";
        }

        return (round.Unprobed & endpoint) == 0 ? "though its install has failed and its endpoint is not to be probed in this round"
            : install.OlderHead(owed, endpoint, standing.Due) is { } older ? $"as a probe, and {older} is older"
            : null;
    }

    private IEnumerable<Standing> AfterEnd(
        Standing standing, OwedDelivery owed, ulong endpoint, Outcome outcome, bool isGivenUp, bool isNotRetried)
    {
        if (outcome.Kind == OutcomeKind.Throttled)
        {
            return [StandingRules.IsProbe(standing, owed) ? StandingRules.ProbeIsNotMade(standing, endpoint) : standing];
        }

        if (StandingRules.IsProbe(standing, owed))
        {
            return [StandingRules.ProbeEnds(standing, endpoint, outcome.Succeeded, outcome.RetryAfter, Now)];
        }

        if (outcome.Succeeded)
        {
            return [standing];
        }

        var fails = standing.State == StandingState.Failed
            ? StandingRules.FailsToo(standing, endpoint, outcome.RetryAfter, Now)
            : [StandingRules.Fails(endpoint, outcome.RetryAfter, Now)];
        return isNotRetried ? [standing] : isGivenUp ? [standing, .. fails] : fails;
    }

    private IEnumerable<Standing> AfterChange(Standing standing, Install before, LaneHeads heads)
    {
        var present = install.Present;
        return present.Deleted || InstallHistory.IsByNumbers(present) ? [Standing.Up]
            : !present.Enabled ? [standing with { Round = null, NotBefore = default }]
            : !before.Enabled ? Enabled(standing, heads)
            : InstallHistory.IsByNumbers(before) ? [Standing.Up]
            : [StandingRules.Changes(standing, Now)];
    }

    // With stored events it has failed, whatever it was. Whether the failing set is all endpoints or those with a head shows
    // when an event for another one comes before the round.
    private IEnumerable<Standing> Enabled(Standing standing, LaneHeads heads)
    {
        if (heads.IsNothingPending || heads.Sendable == 0)
        {
            yield return Standing.Up;
            yield return StandingRules.Changes(standing, Now);
        }

        if (!heads.IsNothingPending)
        {
            yield return StandingRules.RetriesNow(heads.Possible, Now);
            yield return StandingRules.RetriesNow(install.Endpoints, Now);
        }
    }

    private void Move(bool isAtRest)
    {
        if (!install.Present.Enabled || _accounts is [{ State: StandingState.Up }])
        {
            return;
        }

        if (_accounts.TrueForAll(standing => standing is { State: StandingState.Failed, Round: null } && standing.Due > clock.Latest))
        {
            return;
        }

        var heads = install.Look();
        for (var i = 0; i < _accounts.Count; i++)
        {
            var (mustMove, moves) = Moves(_accounts[i], heads, isAtRest);
            if (mustMove)
            {
                _accounts.RemoveAt(i--);
            }

            _accounts.AddRange(moves.Where(move => !_accounts.Contains(move)).ToList());
        }
    }

    // A round looks for its heads when what is dying is dead, and that waits for attempts in flight.
    private (bool MustMove, IEnumerable<Standing> Moves) Moves(Standing standing, LaneHeads heads, bool isAtRest)
    {
        switch (standing)
        {
            case { State: StandingState.Failed, Round: null }:
                return standing.Due > clock.Latest ? (false, []) : (isAtRest && standing.Due <= Now, [StandingRules.Opens(standing)]);
            case { State: StandingState.Failed, Round: { IsOver: true } }:
                return (true, StandingRules.RoundEnds(standing, heads, install.LastAccepted, Now));
            case { State: StandingState.Failed, Round: { } round }:
                var mayLeave = EndpointBits.Each(round.Unprobed & ~heads.Certain);
                return (isAtRest && (round.Unprobed & ~heads.Possible) != 0 && !install.IsHeldUp, mayLeave.Select(endpoint => StandingRules.Leaves(standing, endpoint)));
            case { State: StandingState.InTransition or StandingState.Recovered }:
                IEnumerable<Standing> next = heads.FirstAlive <= standing.Watermark ? []
                    : standing.State == StandingState.InTransition ? [Standing.Recovered(install.LastAccepted)]
                    : [Standing.Up];
                return (heads.FirstPending > standing.Watermark, next);
            default:
                return (false, []);
        }
    }

    private void Become(Func<Standing, IEnumerable<Standing>> next) => _accounts = [.. _accounts.SelectMany(next).Distinct()];

    private void Keep(Func<Standing, string?> objection, Func<Standing, Standing> next, Func<string, string> violation)
    {
        var objections = _accounts.ConvertAll(standing => objection(standing));
        if (!objections.Contains(null))
        {
            throw new SimulationViolation($"install {install.Number}: {violation(objections[^1]!)} ({string.Join("; ", _accounts)})");
        }

        _accounts = [.. _accounts.Where((_, i) => objections[i] is null).Select(next).Distinct()];
    }
}
