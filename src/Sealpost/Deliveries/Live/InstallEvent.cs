using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Installs;

namespace Sealpost.Deliveries.Live;

/// <summary>An install was made, changed, enabled, disabled or deleted.</summary>
/// <param name="After">The install as it is now.</param>
/// <param name="Change">One of <c>created</c>, <c>edited</c>, <c>enabled</c>, <c>disabled</c>, <c>deleted</c>.</param>
internal sealed record InstallEvent(Install After, string Change) : LiveEvent
{
    public override string Name => "install";

    public required DateTimeOffset At { get; init; }

    public override Guid? About => After.ClientId;

    public static InstallEvent Of(Install? before, Install after, DateTimeOffset now) =>
        new(after, ChangeOf(before, after)) { Account = after.Account, At = now };

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("at", Times.Text(At));
        json.WriteString("client_id", After.ClientId);
        json.WriteString("change", Change);
        json.WriteBoolean("enabled", After.Enabled && !After.Deleted);
        if (After.DisabledReason is { } reason)
        {
            json.WriteString("disabledReason", reason);
        }

        json.WriteNumber("revision", After.Revision);
        json.WriteEndObject();
    }

    private static string ChangeOf(Install? before, Install after) => (before, after) switch
    {
        (_, { Deleted: true }) => "deleted",
        (null, _) => "created",
        ({ Enabled: false }, { Enabled: true }) => "enabled",
        ({ Enabled: true }, { Enabled: false }) => "disabled",
        _ => "edited",
    };
}
