namespace Sealpost.Mailrooms;

/// <summary>
/// The last sequence of the conversations that were written to lately; others are looked up in the store. Two generations: when
/// the younger is full, the older is forgotten.
/// </summary>
/// <remarks>Not thread-safe: the ledger thread's own.</remarks>
internal sealed class SequenceBook(ILedgerStore store)
{
    /// <summary>Conversations of one generation: about 4 MB.</summary>
    private const int Generation = 65_536;

    private Dictionary<(int Install, long Conversation), long> _young = [];
    private Dictionary<(int Install, long Conversation), long> _old = [];

    /// <summary>Gives the next sequence of a conversation.</summary>
    public long Next(int install, long conversation)
    {
        var key = (install, conversation);
        ref var known = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_young, key, out var isYoung);
        if (!isYoung)
        {
            known = _old.TryGetValue(key, out var old) ? old : store.LastSequence(install, conversation);
        }

        var next = ++known;
        if (_young.Count >= Generation)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        return next;
    }

    /// <summary>Forgets what a commit that failed had counted.</summary>
    public void Forget()
    {
        _young.Clear();
        _old.Clear();
    }
}
