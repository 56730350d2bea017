namespace Sealpost.Dispatch;

/// <summary>
/// Which lane sends next: a fair pick, round robin over origins and within each over installs, under the limit in all and the
/// adaptive limit of each origin.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms. Every step is constant time, however many lanes wait.</remarks>
internal sealed class Dispatcher(DispatchOptions options)
{
    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);
    private readonly Queue<Origin> _sending = new();

    public int InFlight { get; private set; }

    /// <summary>Whether another pick is likely to find something.</summary>
    public bool CanPick => _sending.Count > 0 && InFlight < options.Concurrency;

    /// <summary>The origin of an endpoint; installs that share a host share it.</summary>
    public Origin OriginOf(Uri endpoint)
    {
        var name = endpoint.GetLeftPart(UriPartial.Authority);
        if (!_origins.TryGetValue(name, out var origin))
        {
            _origins.Add(name, origin = new Origin(name, options.OriginConcurrency));
        }

        return origin;
    }

    /// <summary>Puts a ready lane in its origin's row.</summary>
    public void Enqueue(QueuedLane lane)
    {
        lane.Origin!.Enqueue(lane);
        List(lane.Origin);
    }

    /// <summary>The lane whose head is to be sent now, counted as in flight; null when none may.</summary>
    public QueuedLane? Pick()
    {
        while (InFlight < options.Concurrency && _sending.TryDequeue(out var origin))
        {
            origin.Listed = false;
            var lane = origin.CanSend ? origin.Dequeue() : null;
            if (lane is null)
            {
                continue;
            }

            origin.InFlight++;
            InFlight++;
            List(origin);
            return lane;
        }

        return null;
    }

    /// <summary>An attempt to <paramref name="origin"/> has ended.</summary>
    public void Release(Origin origin)
    {
        origin.InFlight--;
        InFlight--;
        List(origin);
    }

    private void List(Origin origin)
    {
        if (!origin.Listed && origin.CanSend)
        {
            origin.Listed = true;
            _sending.Enqueue(origin);
        }
    }
}
