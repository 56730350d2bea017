using System.Net;
using System.Net.Sockets;

namespace Sealpost.Accounts.Audit;

/// <summary>
/// What was not done, gathered by the minute: equal refusals of one address are one entry with a count, and there are only so many
/// entries in a minute, whoever asks for what. Thread-safe.
/// </summary>
internal sealed class Refusals(TimeProvider clock)
{
    /// <summary>Entries in a minute of one address (of IPv6, one /64); what is beyond is counted in one more.</summary>
    public const int MaxOfAddress = 60;

    /// <summary>Entries in a minute in all; what is beyond is counted in one more.</summary>
    public const int MaxInAll = 240;

    /// <summary>Minutes of entries that wait while they cannot be written; older ones are lost.</summary>
    private const int MaxWaiting = 10 * MaxInAll;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Refusal> _open = [];
    private readonly Dictionary<string, int> _ofAddress = [];
    private readonly Queue<Refusal> _closed = [];
    private DateTimeOffset _closesAt;

    /// <summary>Counts it.</summary>
    public void Note(AuditEntry refused)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            CloseAt(now);
            var network = NetworkOf(refused.RemoteAddress);
            var key = KeyOf(refused, network);
            if (!_open.TryGetValue(key, out var known))
            {
                (key, refused) = Bounded(key, refused, network);
                _open.TryGetValue(key, out known);
            }

            if (known is not null)
            {
                known.Times++;
                known.LastAt = refused.At;
                return;
            }

            _ofAddress[network] = _ofAddress.GetValueOrDefault(network) + 1;
            _open.Add(key, new Refusal(refused));
        }
    }

    /// <summary>What is not written yet.</summary>
    /// <param name="all">Raised counts of the running minute too; else the entries that are new, and the minutes that are over.</param>
    public List<Refusal> Unwritten(bool all)
    {
        lock (_lock)
        {
            CloseAt(clock.GetUtcNow());
            while (_closed.TryPeek(out var done) && done.IsWritten)
            {
                _closed.Dequeue();
            }

            return [.. _closed.Where(refusal => !refusal.IsWritten), .. _open.Values.Where(refusal => refusal.Id == 0 || (all && !refusal.IsWritten))];
        }
    }

    /// <summary>The entry is written with this count.</summary>
    public void Written(Refusal refusal, long id, int times)
    {
        lock (_lock)
        {
            refusal.Id = id;
            refusal.WrittenTimes = times;
        }
    }

    private void CloseAt(DateTimeOffset now)
    {
        // A clock that was set back must not keep a minute open.
        if (now < _closesAt && _closesAt - now <= Window)
        {
            return;
        }

        foreach (var refusal in _open.Values.Where(refusal => !refusal.IsWritten))
        {
            _closed.Enqueue(refusal);
        }

        while (_closed.Count > MaxWaiting)
        {
            _closed.Dequeue();
        }

        _open.Clear();
        _ofAddress.Clear();
        _closesAt = now + Window;
    }

    private (Key Key, AuditEntry Entry) Bounded(Key key, AuditEntry refused, string network)
    {
        var isMuchOfAll = _open.Count >= MaxInAll;
        if (!isMuchOfAll && _ofAddress.GetValueOrDefault(network) < MaxOfAddress)
        {
            return (key, refused);
        }

        var rest = refused with
        {
            Account = 0,
            Actor = AuditActor.Nobody,
            Action = "many",
            Target = null,
            Code = null,
            Status = 0,
            Detail = isMuchOfAll ? "Further acts of this minute that were not done." : "Further acts of this address in this minute that were not done.",
            RemoteAddress = isMuchOfAll ? null : refused.RemoteAddress,
        };
        return (KeyOf(rest, isMuchOfAll ? "" : network), rest);
    }

    private static Key KeyOf(AuditEntry entry, string network) =>
        new(network, entry.Account, entry.Actor.Kind, entry.Actor.Id, entry.Action, entry.Target, entry.Outcome, entry.Status, entry.Code);

    // Who has one IPv6 address has 2^64 of them.
    private static string NetworkOf(string? address) =>
        IPAddress.TryParse(address, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(ip.GetAddressBytes(), 0, 8) : address ?? "";

    private readonly record struct Key(
        string Network, int Account, string ActorKind, string? ActorId, string Action, string? Target, ActOutcome Outcome, int Status, string? Code);
}

/// <summary>Equal refusals of a minute. Its owner's lock guards what changes.</summary>
internal sealed class Refusal(AuditEntry first)
{
    /// <summary>The row's id; 0 until it is written.</summary>
    public long Id { get; set; }

    public int Times { get; set; } = 1;

    public int WrittenTimes { get; set; }

    public DateTimeOffset LastAt { get; set; } = first.At;

    public bool IsWritten => WrittenTimes == Times;

    public AuditEntry Entry => first with { Id = Id, Times = Times, LastAt = LastAt };
}
