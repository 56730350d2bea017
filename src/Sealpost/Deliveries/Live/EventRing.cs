using Sealpost.Accounts;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// The last events of all accounts, in one place of fixed size; ids are their places in it. It remembers for each account the last
/// event that was pushed out. Not thread-safe.
/// </summary>
internal sealed class EventRing(int capacity, long lastId)
{
    private readonly Kept[] _events = new Kept[capacity];
    private readonly Dictionary<AccountId, long> _pushedOut = [];

    /// <summary>No event of this ring has an id that is not above.</summary>
    public long Before { get; } = lastId;

    /// <summary>The newest event's id; <see cref="Before"/> while there is none.</summary>
    public long LastId { get; private set; } = lastId;

    /// <summary>The oldest event's id that is here; above <see cref="LastId"/> while there is none.</summary>
    public long OldestId => Math.Max(Before, LastId - capacity) + 1;

    /// <summary>Keeps an attempt and gives its id. It allocates nothing.</summary>
    public long Add(in AttemptFacts attempt)
    {
        ref var place = ref NextPlace();
        place = new Kept { Account = attempt.Install.Account, Attempt = attempt };
        return LastId;
    }

    /// <summary>Keeps another event, with its id.</summary>
    public LiveEvent Add(LiveEvent happened)
    {
        ref var place = ref NextPlace();
        var live = happened with { Id = LastId };
        place = new Kept { Account = live.Account, Other = live };
        return live;
    }

    /// <summary>The last of the account's events that is not here any more; <see cref="Before"/> when all are.</summary>
    public long PushedOut(AccountId account) => _pushedOut.GetValueOrDefault(account, Before);

    /// <summary>The event of this id, where it is the account's; null where it is another's or not here any more.</summary>
    public LiveEvent? Find(long id, AccountId account)
    {
        if (id < OldestId || id > LastId)
        {
            return null;
        }

        ref var kept = ref _events[PlaceOf(id)];
        return kept.Account != account ? null : kept.Other ?? new AttemptEvent(kept.Attempt) { Id = id, Account = account };
    }

    private ref Kept NextPlace()
    {
        LastId++;
        ref var place = ref _events[PlaceOf(LastId)];
        if (LastId - Before > capacity)
        {
            _pushedOut[place.Account] = LastId - capacity;
        }

        return ref place;
    }

    private int PlaceOf(long id) => (int)((id - Before - 1) % capacity);

    private struct Kept
    {
        public AccountId Account;
        public AttemptFacts Attempt;
        public LiveEvent? Other;
    }
}
