using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Retry;

namespace Sealpost.Deliveries.Live;

/// <summary>An install changed its state (protocol 4, by time to live).</summary>
internal sealed record StateEvent : LiveEvent
{
    public override string Name => "state";

    public required Guid ClientId { get; init; }

    public override Guid? About => ClientId;

    public required DateTimeOffset At { get; init; }

    public required InstallState Before { get; init; }

    public required Standing After { get; init; }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("at", Times.Text(At));
        json.WriteString("client_id", ClientId);
        json.WriteString("before", Before.ToWire());
        json.WriteString("state", After.State.ToWire());
        if (After.RoundAt is { } next)
        {
            json.WriteString("nextAttemptAt", Times.Text(next));
        }

        if (!After.Failing.IsEmpty)
        {
            json.WriteStartArray("failing");
            foreach (var endpoint in After.Failing.Keys)
            {
                json.WriteStringValue(endpoint);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
