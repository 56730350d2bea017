namespace Sealpost.Accounts.AppKeys;

/// <summary>What an app key opens (protocol 7). The numbers stand in the store.</summary>
[Flags]
public enum AppKeyPrivileges
{
    None = 0,

    /// <summary><c>MTLS_FORWARD</c>: have requests forwarded with the account's certificates.</summary>
    MtlsForward = 1,

    /// <summary><c>MTLS_READ_INTERNAL</c>: see certificates and mappings, never their keys.</summary>
    MtlsRead = 2,

    /// <summary><c>MTLS_WRITE_INTERNAL</c>: change certificates and mappings.</summary>
    MtlsWrite = 4,

    All = MtlsForward | MtlsRead | MtlsWrite,
}

/// <summary>The privileges' names outside.</summary>
internal static class PrivilegeNames
{
    private static readonly (AppKeyPrivileges Privilege, string Name)[] Names =
    [
        (AppKeyPrivileges.MtlsForward, "MTLS_FORWARD"),
        (AppKeyPrivileges.MtlsRead, "MTLS_READ_INTERNAL"),
        (AppKeyPrivileges.MtlsWrite, "MTLS_WRITE_INTERNAL"),
    ];

    /// <summary>All of them, for a sentence.</summary>
    public static string Words { get; } = string.Join(", ", Names.Select(known => known.Name));

    public static IReadOnlyList<string> Of(AppKeyPrivileges privileges) =>
        [.. Names.Where(known => privileges.HasFlag(known.Privilege)).Select(known => known.Name)];

    /// <summary>False when there is no name, or one that is not a privilege.</summary>
    public static bool TryParse(IReadOnlyCollection<string> names, out AppKeyPrivileges privileges)
    {
        privileges = AppKeyPrivileges.None;
        foreach (var name in names)
        {
            var known = Names.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));
            if (known.Privilege == AppKeyPrivileges.None)
            {
                return false;
            }

            privileges |= known.Privilege;
        }

        return privileges != AppKeyPrivileges.None;
    }
}
