using Sealpost.Accounts;

namespace Sealpost.Mtls.Mappings;

/// <summary>The door for changes of mappings: the store first, then the directory. Thread safe.</summary>
internal sealed class MappingRegistry(IMappingStore store, MappingDirectory directory)
{
    // Held over commit and directory: that is what keeps them in one order.
    private readonly Lock _changing = new();

    public MappingDirectory Directory => directory;

    /// <summary>Runs what reads mappings and then changes them; nobody else changes any meanwhile. Quick, and nothing is waited for in it.</summary>
    public T Alone<T>(Func<T> work)
    {
        lock (_changing)
        {
            return work();
        }
    }

    /// <summary>The account is gone, and its mappings with it.</summary>
    public void Forget(AccountId account)
    {
        lock (_changing)
        {
            directory.Put(account, []);
        }
    }

    /// <inheritdoc cref="IMappingStore.Change"/>
    public MappingChange Change(AccountId account, IReadOnlyList<long> removed, IReadOnlyList<Mapping> written)
    {
        lock (_changing)
        {
            var change = store.Change(account, removed, written);
            if (change.Kind == MappingChangeKind.Done)
            {
                var gone = removed.Concat(change.Written.Select(mapping => mapping.Id)).ToHashSet();
                directory.Put(account, [.. directory.Of(account).Where(mapping => !gone.Contains(mapping.Id)), .. change.Written]);
            }

            return change;
        }
    }
}
