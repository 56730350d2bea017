using Microsoft.AspNetCore.Builder;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;

namespace Sealpost.Mtls;

/// <summary>What a call about certificates or mappings may do.</summary>
internal enum MtlsAccess
{
    Read,
    Write,
}

/// <summary>Who may call what of MTLS (protocol 5 and 7): the one place for it.</summary>
internal static class MtlsGate
{
    /// <summary>A bearer of the account, or an app key with the privilege, opens the route.</summary>
    public static RouteHandlerBuilder Opens(this RouteHandlerBuilder route, MtlsAccess access) => access switch
    {
        MtlsAccess.Read => route.NeedsBearerOrAppKey(Need.Read, AppKeyPrivileges.MtlsRead),
        MtlsAccess.Write => route.NeedsBearerOrAppKey(Need.Manage, AppKeyPrivileges.MtlsWrite),
    };

    /// <summary>Only an app key that may read opens the route.</summary>
    public static RouteHandlerBuilder OpensToAppKeys(this RouteHandlerBuilder route) => route.NeedsAppKey(AppKeyPrivileges.MtlsRead);

    /// <summary>Only an app key that may have requests forwarded opens the route.</summary>
    public static RouteHandlerBuilder OpensToForwards(this RouteHandlerBuilder route) => route.NeedsAppKey(AppKeyPrivileges.MtlsForward);
}
