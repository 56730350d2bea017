using Sealpost.Accounts;

namespace Sealpost.Mtls.Mappings;

/// <summary>The door for changes of mappings: the store first, then the directory. Thread safe.</summary>
internal sealed class MappingRegistry(IMappingStore store, MappingDirectory directory)
{
    // Held over commit and directory: that is what keeps them in one order.
    private readonly Lock _changing = new();

    public MappingDirectory Directory => directory;

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
