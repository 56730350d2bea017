namespace Sealpost.Testing.Journal;

/// <summary>A history's journals, joined: which request an event is of, and all attempts of one delivery together.</summary>
internal sealed class HistoryIndex
{
    private readonly Dictionary<EventMark, PublishedLine> _lines = [];
    private readonly Dictionary<(string Install, string Id), ReceivedDelivery> _deliveries = [];
    private readonly Dictionary<(string Install, EventMark Mark), List<ReceivedDelivery>> _byEvent = [];

    public HistoryIndex(DeliveryHistory history)
    {
        Installs = history.Installs.ToDictionary(i => i.ClientId, StringComparer.Ordinal);
        foreach (var request in history.Requests)
        {
            for (var line = 0; line < request.Events.Count; line++)
            {
                _lines.Add(request.Events[line].Mark, new PublishedLine(request, line, request.Events[line]));
            }
        }

        for (var place = 0; place < history.Attempts.Count; place++)
        {
            Add(history.Attempts[place], place);
        }
    }

    public IReadOnlyDictionary<string, SubscribedInstall> Installs { get; }

    public IEnumerable<ReceivedDelivery> Deliveries => _deliveries.Values;

    public PublishedLine? LineOf(EventMark mark) => _lines.GetValueOrDefault(mark);

    /// <summary>The deliveries by which an event reached an install; more than one is a broken promise.</summary>
    public IReadOnlyList<ReceivedDelivery> DeliveriesOf(string install, EventMark mark) =>
        _byEvent.TryGetValue((install, mark), out var found) ? found : [];

    private void Add(ReceivedAttempt attempt, int place)
    {
        if (attempt.Mark is not { } mark)
        {
            return;
        }

        if (!_deliveries.TryGetValue((attempt.Install, attempt.DeliveryId), out var delivery))
        {
            delivery = new ReceivedDelivery(attempt.DeliveryId, attempt.Install, mark, attempt.Sequence);
            _deliveries.Add((attempt.Install, attempt.DeliveryId), delivery);
            if (!_byEvent.TryGetValue((attempt.Install, mark), out var ofEvent))
            {
                _byEvent.Add((attempt.Install, mark), ofEvent = []);
            }

            ofEvent.Add(delivery);
        }

        delivery.Attempts.Add((place, attempt));
    }
}

/// <summary>An event's place in the publisher's journal.</summary>
internal sealed record PublishedLine(PublishRequest Request, int Line, PublishedEvent Event);

/// <summary>All attempts of one delivery id at one install, in order of arrival; <c>Place</c> is the place in the receiver's journal.</summary>
internal sealed record ReceivedDelivery(string Id, string Install, EventMark Mark, long Sequence)
{
    public List<(int Place, ReceivedAttempt Attempt)> Attempts { get; } = [];

    public int FirstAttempt => Attempts[0].Place;

    public int? FirstSuccess
    {
        get
        {
            var index = Attempts.FindIndex(a => a.Attempt.Succeeded);
            return index < 0 ? null : Attempts[index].Place;
        }
    }
}
