namespace Sealpost.Outboxes;

/// <summary>
/// One round of probes of a failed install (protocol 4): for each endpoint that fails, the oldest head that is addressed to it is
/// looked up in the store and sent; the round is over when all have come back.
/// </summary>
/// <param name="endpoints">The failing set when it began.</param>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Round(IEnumerable<string> endpoints)
{
    private readonly HashSet<string> _freshHeads = new(StringComparer.Ordinal);

    /// <summary>Endpoints whose probe is still to be found.</summary>
    public HashSet<string> Wanted { get; } = new(endpoints, StringComparer.Ordinal);

    /// <summary>Probes that wait for their turn or are in flight, by endpoint.</summary>
    public Dictionary<string, Lane> Probing { get; } = new(StringComparer.Ordinal);

    public bool IsReading { get; private set; }

    /// <summary>A probe of it was found: it can not be put off any more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The end of its last attempt; null before the first.</summary>
    public DateTimeOffset? LastEnd { get; set; }

    /// <summary>A probe of it has failed.</summary>
    public bool HasFailed { get; set; }

    public bool IsOver => Wanted.Count == 0 && Probing.Count == 0;

    /// <summary>A delivery came back to the store while heads were looked up: it may be older than what is found.</summary>
    public bool IsStale { get; private set; }

    public void BeginRead()
    {
        (IsReading, IsStale) = (true, false);
        _freshHeads.Clear();
    }

    public void EndRead() => IsReading = false;

    public void Returned() => IsStale |= IsReading;

    /// <summary>A delivery was accepted that is the first of its lane.</summary>
    public void NewHead(string endpoint)
    {
        if (IsReading)
        {
            _freshHeads.Add(endpoint);
        }
    }

    /// <summary>Whether a head has come since the reading began: finding none means nothing then.</summary>
    public bool HasNewHead(string endpoint) => _freshHeads.Contains(endpoint);

    public void Sends(string endpoint, Lane lane)
    {
        HasBegun = true;
        Wanted.Remove(endpoint);
        Probing.Add(endpoint, lane);
    }

    /// <summary>A probe went back to the store before it was sent: another one is to be found.</summary>
    public void Lose(Lane lane)
    {
        foreach (var (endpoint, probing) in Probing)
        {
            if (probing == lane)
            {
                Probing.Remove(endpoint);
                Wanted.Add(endpoint);
                return;
            }
        }
    }

    /// <summary>The endpoint that this lane probes; null when it is none of this round's probes.</summary>
    public string? EndpointOf(Lane lane)
    {
        foreach (var (endpoint, probing) in Probing)
        {
            if (probing == lane)
            {
                return endpoint;
            }
        }

        return null;
    }
}
