namespace Sealpost.Storage.Sqlite;

/// <summary>One source of ids for a list, newest first; several are merged.</summary>
internal abstract class Descent
{
    /// <summary>The present id; 0: there are no more.</summary>
    public long Head { get; protected set; }

    /// <summary>Goes to the next older one.</summary>
    /// <param name="row">The row of <see cref="Head"/>, where it was looked at.</param>
    public abstract void Next(ListRow? row);
}

/// <summary>Along the deliveries of a lane or an install, each of which knows the one before it.</summary>
internal sealed class ChainDescent : Descent
{
    private readonly long _from;
    private readonly Func<ListRow, long?> _previous;

    /// <param name="start">The first of it; null: it is empty.</param>
    /// <param name="from">The least id that is wanted.</param>
    /// <param name="previous">What a row names as the one before it.</param>
    public ChainDescent(long? start, long from, Func<ListRow, long?> previous)
    {
        (_from, _previous) = (from, previous);
        Step(start);
    }

    // A row that is gone ends the chain.
    public override void Next(ListRow? row) => Step(row is { } present ? _previous(present) : null);

    private void Step(long? id) => Head = id >= _from ? id.Value : 0;
}

/// <summary>Along a partial index over (install, id).</summary>
internal sealed class IndexDescent : Descent
{
    private const int LargestTake = 64;

    private readonly Statement _ids;
    private readonly DeliveryScope _scope;
    private readonly int _install;
    private readonly Queue<long> _taken = new();
    private int _take = 1;

    /// <param name="ids">Takes install, from, before and a limit; shared by all along the same index.</param>
    /// <param name="scope">What is asked for.</param>
    /// <param name="install">Whose.</param>
    public IndexDescent(Statement ids, DeliveryScope scope, int install)
    {
        (_ids, _scope, _install) = (ids, scope, install);
        Take(scope.Before);
    }

    public override void Next(ListRow? row)
    {
        if (_taken.Count == 0)
        {
            Take(Head);
        }
        else
        {
            Head = _taken.Dequeue();
        }
    }

    private void Take(long before)
    {
        _ids.Bind(1, _install).Bind(2, _scope.From).Bind(3, before).Bind(4, (long)_take);
        while (_ids.Step())
        {
            _taken.Enqueue(_ids.Long(0));
        }

        _take = Math.Min(2 * _take, LargestTake);
        Head = _taken.TryDequeue(out var head) ? head : 0;
    }
}
