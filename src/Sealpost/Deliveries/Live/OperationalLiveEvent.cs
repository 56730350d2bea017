using System.Text.Json;

namespace Sealpost.Deliveries.Live;

/// <summary>An operational event: what an operator should look at (protocol 4).</summary>
internal sealed record OperationalLiveEvent : LiveEvent
{
    public override string Name => "operational";

    /// <summary>The install that it is about, if any.</summary>
    public Guid? Install { get; init; }

    public override Guid? About => Install;

    /// <summary>One of <c>sealpost.…</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Writes the published event's <c>body</c>.</summary>
    public required Action<Utf8JsonWriter> WriteBody { get; init; }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", Type);
        json.WritePropertyName("body");
        WriteBody(json);
        json.WriteEndObject();
    }
}
