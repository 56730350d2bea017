using Sealpost.Accounts;

namespace Sealpost.Mtls.Mappings;

/// <summary>Keeps mappings. Each method is one transaction.</summary>
internal interface IMappingStore
{
    IReadOnlyList<Mapping> Load();

    /// <summary>
    /// Makes all the changes of a call, or none: removes, then writes. Removals come first so that a name or a URL may pass from one
    /// mapping to another.
    /// </summary>
    /// <param name="account">Whose they are.</param>
    /// <param name="removed">Numbers of mappings to remove.</param>
    /// <param name="written">Mappings to add, with number 0, or to change.</param>
    MappingChange Change(AccountId account, IReadOnlyList<long> removed, IReadOnlyList<Mapping> written);
}

/// <summary>What came of a change.</summary>
internal enum MappingChangeKind
{
    Done,
    AccountNotFound,

    /// <summary>One of the mappings is not there any more.</summary>
    NotFound,
    NameTaken,

    /// <summary>Another mapping has the account, service and URL.</summary>
    UrlTaken,
}

/// <param name="Kind">What came of it.</param>
/// <param name="Written">The mappings as they are now, with their numbers; empty unless done.</param>
/// <param name="About">The mapping in whose way something stood.</param>
internal sealed record MappingChange(MappingChangeKind Kind, IReadOnlyList<Mapping> Written, Mapping? About = null);
