using Sealpost.Deliveries;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>One event owed to one install, as the oracle has seen it from outside.</summary>
internal sealed class OwedDelivery(SimulatedEvent published, StoredRow row)
{
    public SimulatedEvent Event { get; } = published;

    public StoredRow Row { get; } = row;

    public long Id => Row.Row.Id;

    public DateTimeOffset AcceptedAt { get; } = row.Row.AcceptedAt;

    public bool IsInFlight { get; private set; }

    /// <summary>Attempts that count: made in this life, or recorded in an earlier one.</summary>
    public int Counted { get; private set; }

    /// <summary>Attempts since it became a by-numbers delivery, the one included that was in flight then.</summary>
    public int Spent { get; private set; }

    /// <summary>
    /// It became a by-numbers delivery while it was in flight, or just before a crash: whether its attempts until then count is
    /// nowhere written.
    /// </summary>
    public bool WasForgotten { get; private set; }

    /// <summary>It was in flight when its install was reopened: it goes out again in accepted order, without a wait.</summary>
    public bool IsReturned { get; private set; }

    /// <summary>A failure by numbers: it may have left its lane, whether the attempt counts or not.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>The end of the last attempt that was made.</summary>
    public DateTimeOffset? LastEnd { get; private set; }

    /// <summary>The same in steady time.</summary>
    public DateTimeOffset LastEndSteady { get; private set; }

    public Outcome? LastOutcome { get; private set; }

    /// <summary>A success has been seen, in whatever life.</summary>
    public bool HasSucceeded { get; private set; }

    /// <summary>Delivered in this life, or recorded as done.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A later one has been attempted on the ground that this one must be dead: it may not come back in this life.</summary>
    public bool IsPresumedDead { get; set; }

    /// <summary>Where its last attempt went.</summary>
    public Uri? Endpoint { get; private set; }

    /// <summary>The place of its last attempt among all attempts of the run, from 1.</summary>
    public long StartedAs { get; private set; }

    /// <summary>An operator dropped it in this life, or its row says so.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>It lost its webhook, the engine knows, and nothing of it is in flight: it may not be attempted again.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>It is dropped or has lost its webhook: it ends with the attempt that is in flight, at the latest.</summary>
    public bool IsDying => IsDropped || _isRemovedAtEnd;

    private (int Counted, DateTimeOffset? End, DateTimeOffset Steady, Outcome? Outcome, bool HasLeft) _recorded;
    private bool _isRemovedAtEnd;
    private bool _forgetsAtEnd;
    private bool _ignoresRecords;
    private bool _ignoredRecords;
    private bool _isReturnedAtEnd;
    private bool _wasReturned;

    public override string ToString() => $"delivery {Row.Row.Id} (event {Event.Number}, install {Row.Row.Install}, #{Row.Row.Sequence})";

    /// <param name="number">What the engine numbers this attempt.</param>
    /// <param name="endpoint">Where it goes.</param>
    /// <param name="startedAs">Its place among all attempts of the run.</param>
    public void Start(int number, Uri endpoint, long startedAs)
    {
        (Endpoint, StartedAs) = (endpoint, startedAs);
        (IsInFlight, Counted) = (true, number - 1);
        (_ignoresRecords, _ignoredRecords, _wasReturned, IsReturned) = (false, _ignoresRecords, IsReturned, false);
    }

    /// <param name="outcome">What came of the attempt.</param>
    /// <param name="isByNumbers">How its install retries now.</param>
    /// <param name="now">The moment.</param>
    /// <param name="steady">The same in steady time.</param>
    public void End(Outcome outcome, bool isByNumbers, DateTimeOffset now, DateTimeOffset steady)
    {
        IsInFlight = false;
        if (outcome.Kind == OutcomeKind.Throttled)
        {
            // No attempt was made, and nothing has changed (protocol 5).
            (_ignoresRecords, _isReturnedAtEnd) = (_ignoredRecords, _isReturnedAtEnd || _wasReturned);
        }
        else
        {
            Made(outcome, isByNumbers);
            (LastEnd, LastEndSteady, LastOutcome) = (now, steady, outcome);
        }

        IsOver |= outcome.Succeeded || IsDropped;
        IsRemoved |= _isRemovedAtEnd;
        (IsReturned, _isReturnedAtEnd) = (_isReturnedAtEnd, false);
        if (_forgetsAtEnd)
        {
            ForgetAttempts();
        }

        // Even where it is not counted, or not any more: it is beside its lane now.
        HasLeft |= isByNumbers && EndLaws.IsFailure(outcome);
    }

    /// <summary>
    /// Attempts that its row had when it went back into its lane by numbers: should the install become one by time to live and by
    /// numbers again before it is attempted, nobody knows any more that they do not count.
    /// </summary>
    public int ReturnedAttempts { get; private set; }

    public void Return() => (_isReturnedAtEnd, ReturnedAttempts) = (IsInFlight, Row.Attempts);

    public void Remove()
    {
        _isRemovedAtEnd = true;
        IsRemoved = !IsInFlight;
    }

    /// <summary>An operator gave it up: an attempt in flight finishes and its success counts.</summary>
    public void Drop() => (IsDropped, IsOver) = (true, IsOver || !IsInFlight);

    /// <summary>Its last attempt was its end.</summary>
    public void Die() => IsOver = true;

    /// <summary>From now on it is a by-numbers delivery without an attempt.</summary>
    public void ForgetAttempts()
    {
        _forgetsAtEnd = IsInFlight;
        WasForgotten |= IsInFlight;
        (Counted, HasLeft) = (0, false);
        if (!IsInFlight)
        {
            (LastEnd, LastOutcome, _recorded, _ignoresRecords) = (null, null, default, true);
        }
    }

    /// <summary>Its row was written.</summary>
    public void Record(DateTimeOffset at)
    {
        IsOver |= !Row.IsPending;
        if (!_ignoresRecords && Row.IsPending)
        {
            _recorded = (Row.Attempts, at, LastEndSteady, LastOutcome, HasLeft);
            _wasReturned = false;
        }
    }

    /// <summary>The process died: what was not recorded has not been.</summary>
    public void Crash()
    {
        IsRemoved |= _isRemovedAtEnd;
        IsReturned |= _wasReturned;
        (IsInFlight, IsPresumedDead, IsOver) = (false, false, !Row.IsPending || IsDropped);
        WasForgotten |= _ignoresRecords && Row.Attempts > 0;
        Spent = WasForgotten ? Row.Attempts : Spent;

        (Counted, LastEnd, LastEndSteady, LastOutcome, HasLeft) = _recorded;
        if (_forgetsAtEnd)
        {
            ForgetAttempts();
        }

        HasLeft |= Row.State == DeliveryState.Waiting;
    }

    // By numbers a failure of MTLS itself uses no retry up (protocol 5).
    private void Made(Outcome outcome, bool isByNumbers)
    {
        if (outcome.Kind != OutcomeKind.MtlsUnavailable || !isByNumbers)
        {
            Spent = ++Counted;
        }

        HasSucceeded |= outcome.Succeeded;
    }
}
