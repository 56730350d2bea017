using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Mailrooms;

namespace Sealpost.Deliveries.Live;

/// <summary>Deliveries of an install died without an attempt: they expired, were dropped, or lost their webhook.</summary>
internal sealed record DeadEvent : LiveEvent
{
    /// <summary>Deliveries that one event names; the count says how many there are.</summary>
    private const int MostNamed = 100;

    public override string Name => "dead";

    public required Guid ClientId { get; init; }

    public required Deaths Deaths { get; init; }

    public override Guid? About => ClientId;

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("at", Times.Text(Deaths.At));
        json.WriteString("client_id", ClientId);
        json.WriteString("reason", Deaths.Reason.ToWire());
        json.WriteNumber("count", Deaths.Deliveries.Count);
        json.WriteStartArray("deliveries");
        foreach (var id in Deaths.Deliveries.Take(MostNamed))
        {
            json.WriteStringValue(id.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
