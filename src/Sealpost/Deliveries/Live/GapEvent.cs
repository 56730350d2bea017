using System.Globalization;
using System.Text.Json;

namespace Sealpost.Deliveries.Live;

/// <summary>Events between the one that the reader knows and the next are not here any more.</summary>
internal sealed record GapEvent : LiveEvent
{
    /// <summary>They were pushed out by later ones.</summary>
    public const string TooOld = "too_old";

    /// <summary>The event is none of this process: the service was restarted.</summary>
    public const string Restarted = "restarted";

    public override string Name => "gap";

    /// <summary>The last event that the reader knows.</summary>
    public required long After { get; init; }

    /// <summary><see cref="TooOld"/> or <see cref="Restarted"/>.</summary>
    public required string Reason { get; init; }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("after", After.ToString(CultureInfo.InvariantCulture));
        json.WriteString("reason", Reason);
        json.WriteEndObject();
    }
}
