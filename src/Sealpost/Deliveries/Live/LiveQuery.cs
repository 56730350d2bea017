using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Deliveries.Live;

/// <summary>What a reader asks for: where to go on, and what to see. Pure.</summary>
/// <param name="After">The last event that it knows; null: new ones only.</param>
/// <param name="Filter">What it wants to see.</param>
internal sealed record LiveQuery(long? After, LiveFilter Filter)
{
    private const string Header = "Last-Event-ID";

    /// <summary>Reads header and query, or says which is wrong. The header wins: a browser sends it when it comes back.</summary>
    public static (LiveQuery? Query, Problem? Problem) Read(HttpRequest request)
    {
        var header = request.Headers[Header];
        var last = header.Count > 0 ? header : request.Query["lastEventId"];
        long? after = null;
        if (last is not ([] or [""]))
        {
            if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return (null, Invalid("lastEventId", $"the id of an event of this stream, in the header {Header} or in the query"));
            }

            after = id;
        }

        Guid? clientId = null;
        if (request.Query["client_id"] is { Count: > 0 } wanted)
        {
            if (!Guid.TryParseExact(wanted, "D", out var id))
            {
                return (null, Invalid("client_id", "the UUID of an app install"));
            }

            clientId = id;
        }

        var conversation = request.Query["conversation"];
        return conversation.Count == 0 || (conversation is [{ } key] && KeyRules.Allow(key))
            ? (new LiveQuery(after, new LiveFilter(clientId, conversation)), null)
            : (null, Invalid("conversation", KeyRules.Words));
    }

    private static Problem Invalid(string name, string rule) => new(
        StatusCodes.Status400BadRequest, "filter_invalid", $"The parameter {name} must be, once: {rule}.")
    {
        Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { ["parameter"] = name },
    };
}
