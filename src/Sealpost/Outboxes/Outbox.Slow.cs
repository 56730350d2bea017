using Sealpost.Health;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <content>How slowly the install's endpoints answer (protocol 3).</content>
internal sealed partial class Outbox
{
    private readonly Dictionary<string, SlowRun> _slow = new(StringComparer.Ordinal);

    /// <summary>The endpoints that have not answered in time lately, each with the start of that.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> SlowEndpoints() =>
        _slow.ToDictionary(slow => slow.Key, slow => slow.Value.Since!.Value, StringComparer.Ordinal);

    // A probe begins or ends: the backoff protects everyone from a failed install already, and an endpoint that hangs must keep
    // its three days.
    private void Watch(string endpoint, Lane lane)
    {
        if (lane.IsProbe)
        {
            _slow.Remove(endpoint);
        }
    }

    private void Watch(string endpoint, Outcome outcome, Lane lane, DateTimeOffset now)
    {
        Watch(endpoint, lane);
        if (lane.IsProbe || !Install.Enabled)
        {
            return;
        }

        var options = Desk.Options.Health;
        var took = outcome.Kind == OutcomeKind.ReadTimeout ? Desk.Options.ResponseTimeout : outcome.ResponseTime;
        if (_slow.Count == 0 && !(took > options.SlowThreshold))
        {
            return;
        }

        var before = _slow.GetValueOrDefault(endpoint);
        var (run, verdict) = SlowRules.Observe(before, took, lane.StartedAt, now, options);
        if (verdict != SlowVerdict.Nothing)
        {
            Desk.Notes.Enqueue(new SlowNote(Install, now, endpoint, run.Since ?? before.Since!.Value, verdict));
        }

        if (run.Since is null)
        {
            _slow.Remove(endpoint);
        }
        else
        {
            _slow[endpoint] = run;
        }
    }
}
