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
    public static (AuditFilter? Filter, Problem? Problem) Read(IQueryCollection query)
    {
        var filter = new AuditFilter();
        foreach (var (name, rule, apply) in Parameters)
        {
            var values = query[name];
            if (values.Count == 0)
            {
                continue;
            }

            if (values is not [{ } text] || apply(filter, text) is not { } narrower)
            {
                return (null, Invalid(name, rule));
            }

            filter = narrower;
        }

        return (filter, null);
    }

    private static int? LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= AuditFilter.MaxLimit ? limit : null;

    private static Problem Invalid(string name, string rule) => new(
        StatusCodes.Status400BadRequest, "filter_invalid", $"The query parameter {name} must be, once: {rule}.")
    {
        Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { ["parameter"] = name },
    };
}
