using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Installs;

namespace Sealpost.Operations;

/// <summary>News of an app install.</summary>
/// <param name="Type">The event type.</param>
/// <param name="Install">The install that it is about.</param>
/// <param name="At">When it came about.</param>
internal sealed record AppEvent(string Type, Install Install, DateTimeOffset At) : OperationalEvent(Type, Install.Account, At)
{
    /// <summary>The endpoints that it is about; none: all of the install's.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>A code for why.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it has been so, where that is not <see cref="OperationalEvent.At"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    public override string Subject => "app " + Install.ClientIdText;

    public override string Details => string.Join(' ', [Reason ?? "", .. Endpoints]);

    protected override string Conversation => Install.ClientIdText;

    protected override int? About => Install.Number;

    protected override Guid? AboutApp => Install.ClientId;

    protected override void WriteSubject(Utf8JsonWriter json)
    {
        json.WriteString("client_id", Install.ClientId);
        json.WriteString("client_name", Install.Manifest.ClientName);
    }

    protected override void WriteDetails(Utf8JsonWriter json)
    {
        if (Since is { } since)
        {
            json.WriteString("since", Times.Text(since));
        }

        if (Reason is not null)
        {
            json.WriteString("reason", Reason);
        }

        if (Endpoints.Count > 0)
        {
            json.WriteStartArray("endpoints");
            foreach (var endpoint in Endpoints)
            {
                json.WriteStringValue(endpoint);
            }

            json.WriteEndArray();
        }
    }
}
