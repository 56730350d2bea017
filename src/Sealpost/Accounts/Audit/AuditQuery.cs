using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;

namespace Sealpost.Accounts.Audit;

/// <summary>Reads the query of a list of the audit, or says which parameter is wrong. Pure.</summary>
internal static class AuditQuery
{
    private static readonly (string Name, string Rule, Func<AuditFilter, string, AuditFilter?> Apply)[] Parameters =
    [
        ("since", Times.Rule, (f, text) => Times.TryParse(text, out var time) ? f with { Since = time } : null),
        ("until", Times.Rule, (f, text) => Times.TryParse(text, out var time) ? f with { Until = time } : null),
        ("cursor", "what an earlier answer gave as next", (f, text) => AuditCursor.TryParse(text, out var last) ? f with { Before = last } : null),
        ("limit", $"a number from 1 to {AuditFilter.MaxLimit}", (f, text) => LimitOf(text) is { } limit ? f with { Limit = limit } : null),
    ];

    /// <summary>The filter, or a 400 that names the first wrong parameter. Parameters that are not ours are left alone.</summary>
    public static (AuditFilter? Filter, Problem? Problem) Read(IQueryCollection query) => QueryReader.Read(query, new AuditFilter(), Parameters);

    private static int? LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= AuditFilter.MaxLimit ? limit : null;
}
