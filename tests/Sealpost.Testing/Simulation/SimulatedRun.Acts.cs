namespace Sealpost.Testing.Simulation;

/// <content>What happens from outside.</content>
internal sealed partial class SimulatedRun
{
    private void Act()
    {
        switch (_random.Next(121))
        {
            case < 60:
                Publish(_script.Publication());
                break;
            case < 63 when _script.TestEvent() is { } test:
                Publish(test);
                break;
            case < 75:
                var (host, mood) = (_script.Host(), _script.Mood());
                _endpoints.SetMood(host, mood);
                _oracle.Trace.Add(host, detail: mood);
                break;
            case < 92:
                if (!_engine.IsTelling && _script.Living() is { } install)
                {
                    Change(install, _script.Changed(install));
                }

                break;
            case < 94:
                _store.IsFull = true;
                _fullUntil = _world.Clock.Now + TimeSpan.FromSeconds(_random.Next(1, 100));
                break;
            case < 96:
                _store.CrashAt = _random.Next(2) == 0 ? CrashPoint.BeforeCommit : CrashPoint.AfterCommit;
                break;
            case < 100:
                throw new SimulatedCrash();
            case < 102:
                _world.Clock.MoveTo(_world.Clock.Now + _script.Sleep());
                break;
            case < 103:
                _world.Clock.SetBack(_script.SetBack());
                break;
            case < 106:
                if (!_store.IsFull && _script.Drop(_store) is { } pending && _engine.Drop(pending.Install, pending.Delivery))
                {
                    _oracle.Dropped(pending.Delivery);
                }

                break;
            case < 112:
                if (_script.Living() is { } mapped)
                {
                    var endpoint = mapped.Manifest.Webhooks.Values.First().Endpoint;
                    _mtls.Switch(mapped.Account, endpoint);
                    _oracle.Trace.Add("switch", detail: $"{mapped.Account} {endpoint}");
                }

                break;
            case >= 116 when _script.Replay(_store) is { } replay:
                Publish(replay);
                break;
            default:
                var (gateway, lasts) = (_script.GatewayMood(), _script.MoodLasts());
                _mtls.SetMood(gateway, lasts);
                _oracle.Trace.Add("mtls", detail: $"{gateway} for {lasts}");
                break;
        }
    }

    private void Settle()
    {
        _endpoints.HealAll();
        _mtls.SetMood(GatewayMood.Healthy, TimeSpan.Zero);
        _store.CrashAt = CrashPoint.None;
        while (_engine.IsTelling)
        {
            _engine.Step(_random);
        }

        foreach (var install in _world.All.Where(install => !install.Enabled && !install.Deleted).ToList())
        {
            Change(install, install with { Enabled = true });
        }
    }

    private void Publish(SimulatedPublication publication)
    {
        _oracle.Published(publication);
        _engine.Submit(publication);
    }
}
