using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Deliveries;

/// <summary>Reads the query of a list of deliveries (contract.md, HTTP), or says which parameter is wrong. Pure.</summary>
internal static class DeliveryQuery
{
    private static readonly (string Name, string Rule, Func<DeliveryFilter, string, DeliveryFilter?> Apply)[] Parameters =
    [
        ("client_id", "the UUID of an app install", (f, text) => Guid.TryParseExact(text, "D", out var id) ? f with { ClientId = id } : null),
        ("conversation", KeyRules.Words, (f, text) => KeyRules.Allow(text) ? f with { Conversation = text } : null),
        ("notification", "a notification's id, ntf_…", (f, text) => NotificationId.TryParse(text, out var id) ? f with { Notification = id } : null),
        ("eventType", KeyRules.Words, (f, text) => KeyRules.Allow(text) ? f with { EventType = text } : null),
        ("state", "pending, delivered or dead", (f, text) => StateOf(text) is { } state ? f with { State = state } : null),
        ("since", Times.Rule, (f, text) => Times.TryParse(text, out var time) ? f with { Since = time } : null),
        ("until", Times.Rule, (f, text) => Times.TryParse(text, out var time) ? f with { Until = time } : null),
        ("cursor", "what an earlier answer gave as next", (f, text) => DeliveryCursor.TryParse(text, out var last) ? f with { Before = last } : null),
        ("limit", "a number from 1 to 500", (f, text) => LimitOf(text) is { } limit ? f with { Limit = limit } : null),
    ];

    /// <summary>The filter, or a 400 that names the first wrong parameter. Parameters that are not ours are left alone.</summary>
    public static (DeliveryFilter? Filter, Problem? Problem) Read(IQueryCollection query) => QueryReader.Read(query, new DeliveryFilter(), Parameters);

    private static PublicState? StateOf(string text) => text switch
    {
        "pending" => PublicState.Pending,
        "delivered" => PublicState.Delivered,
        "dead" => PublicState.Dead,
        _ => null,
    };

    private static int? LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= DeliveryFilter.MaxLimit ? limit : null;
}
