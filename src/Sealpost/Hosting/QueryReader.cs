using Microsoft.AspNetCore.Http;

namespace Sealpost.Hosting;

/// <summary>Reads the query of a list into its filter, parameter by parameter. Pure.</summary>
internal static class QueryReader
{
    /// <summary>The filter, or a 400 that names the first wrong parameter. Parameters that are not ours are left alone.</summary>
    /// <param name="query">The request's.</param>
    /// <param name="all">The filter of a query without parameters.</param>
    /// <param name="parameters">Each with its rule in words, and how it narrows the filter; null where its value is wrong.</param>
    public static (T? Filter, Problem? Problem) Read<T>(
        IQueryCollection query, T all, IEnumerable<(string Name, string Rule, Func<T, string, T?> Apply)> parameters)
        where T : class
    {
        var filter = all;
        foreach (var (name, rule, apply) in parameters)
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

    private static Problem Invalid(string name, string rule) => new(
        StatusCodes.Status400BadRequest, "filter_invalid", $"The query parameter {name} must be, once: {rule}.")
    {
        Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { ["parameter"] = name },
    };
}
