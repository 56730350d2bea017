namespace Sealpost.Hosting.Lifetime;

/// <summary>What was opened, closed again in the opposite order; for a start that fails halfway as for a stop. Not thread safe.</summary>
internal sealed class Teardown : IDisposable
{
    private readonly Stack<IDisposable> _opened = new();

    /// <summary>Takes <paramref name="thing"/> over.</summary>
    public T Own<T>(T thing)
        where T : IDisposable
    {
        _opened.Push(thing);
        return thing;
    }

    public void Dispose()
    {
        while (_opened.TryPop(out var thing))
        {
            thing.Dispose();
        }
    }
}
