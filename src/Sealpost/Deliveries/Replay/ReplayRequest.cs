using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Deliveries.Replay;

/// <summary>What <c>POST …/replay</c> takes (contract.md, HTTP). Each member is checked by <see cref="Read"/>.</summary>
internal sealed record ReplayRequest(
    [property: JsonPropertyName("client_id")] string? ClientId = null,
    string? Conversation = null,
    string? Since = null,
    string? Until = null,
    string? State = null)
{
    /// <summary>The range and whose it is, or a 400 that names the first wrong member. Pure.</summary>
    public (Guid ClientId, Func<int, ReplayRange>? Range, Problem? Problem) Read()
    {
        if (!Guid.TryParseExact(ClientId, "D", out var clientId))
        {
            return Wrong("client_id", "the UUID of an app install");
        }

        if (Conversation is not null && !KeyRules.Allow(Conversation))
        {
            return Wrong("conversation", $"left out, or {KeyRules.Words}");
        }

        if (!Times.TryParse(Since, out var since))
        {
            return Wrong("since", "a time as in RFC 3339");
        }

        if (!Times.TryParse(Until, out var until))
        {
            return Wrong("until", "a time as in RFC 3339");
        }

        if (since >= until)
        {
            return Wrong("until", "later than since");
        }

        return OfText(State) is { } of
            ? (clientId, install => new ReplayRange(install, Conversation, since, until, of), null)
            : Wrong("state", "dead, delivered or all");
    }

    private static ReplayFilter? OfText(string? text) => text switch
    {
        "dead" => ReplayFilter.Dead,
        "delivered" => ReplayFilter.Delivered,
        "all" => ReplayFilter.All,
        _ => null,
    };

    private static (Guid, Func<int, ReplayRange>?, Problem?) Wrong(string member, string rule) => (default, null, new Problem(
        StatusCodes.Status400BadRequest, "replay_invalid", $"The member {member} must be {rule}.")
    {
        Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { ["member"] = member },
    });
}
