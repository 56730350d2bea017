using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Mailrooms;

/// <summary><c>GET …/installations/{client_id}/state</c>: how an install stands, and what is owed to it (contract.md, HTTP).</summary>
/// <param name="mailrooms">What is owed.</param>
/// <param name="installs">The installs.</param>
/// <param name="oldestPending">When the oldest pending delivery of an install was accepted; null when nothing is.</param>
internal sealed class StateEndpoint(AllMailrooms mailrooms, InstallDirectory installs, Func<int, DateTimeOffset?> oldestPending)
{
    public void Map(IEndpointRouteBuilder routes) => InstallCalls.Group(routes).MapGet("/{client_id}/state", Show).Opens(Need.Read);

    private IResult Show(HttpContext http) =>
        InstallEndpoints.ClientId(http) is { } clientId && installs.Find(http.Admission().Account, clientId) is { } install
            ? Results.Bytes(StateOf(install), "application/json")
            : InstallAnswers.NotFound();

    private byte[] StateOf(Install install)
    {
        var facts = mailrooms.FactsOf(install);
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("state", facts.Standing.State.ToWire());
            json.WriteBoolean("enabled", install.Enabled);
            json.WriteString("disabledReason", install.DisabledReason);
            json.WriteNumber("stored", facts.Pending);
            WriteTime(json, "oldestStoredAt", oldestPending(install.Number));
            WriteTime(json, "failedSince", facts.Standing.FailedSince);
            WriteTime(json, "nextAttemptAt", facts.NextRound);
            json.WriteStartArray("blockedBy");
            foreach (var delivery in facts.Standing.Failing.Values.Where(delivery => delivery > 0).Order())
            {
                json.WriteStringValue(new DeliveryId(delivery).ToString());
            }

            json.WriteEndArray();
            WriteEndpoints(json, install, facts);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteEndpoints(Utf8JsonWriter json, Install install, OutboxFacts facts)
    {
        json.WriteStartArray("endpoints");
        foreach (var webhook in install.Manifest.Webhooks.Values)
        {
            json.WriteStartObject();
            json.WriteString("eventType", webhook.EventType);
            var endpoint = webhook.Endpoint.OriginalString;
            json.WriteString("endpoint", endpoint);
            json.WriteString("route", facts.Routes[webhook.EventType].ToWire());
            json.WriteBoolean("failing", facts.Standing.Failing.ContainsKey(endpoint));
            WriteTime(json, "slowSince", facts.SlowSince(endpoint));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time is { } at ? Times.Text(at) : null);
}
