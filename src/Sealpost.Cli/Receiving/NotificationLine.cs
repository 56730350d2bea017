using System.Text;
using System.Text.Json;

namespace Sealpost.Cli.Receiving;

/// <summary>One received notification as a line for people, and as a line of JSON for machines.</summary>
internal static class NotificationLine
{
    private const int MaxBodyChars = 400;

    public static string ForPeople(ReceivedNotification notification, SignatureCheck check, int status)
    {
        var line = new StringBuilder();
        line.Append(notification.At.ToLocalTime().ToString("HH:mm:ss.fff")).Append("  ").Append(status).Append("  signature ").Append(Word(check));
        Add(line, "account", notification.Account);
        Add(line, "seq", notification.Sequence);
        Add(line, "attempt", notification.Attempt);
        Add(line, "client", notification.Client);
        line.Append("  ").Append(notification.Body.Length).Append(" bytes  ").Append(Printable.Excerpt(notification.Body.Span, MaxBodyChars));
        return Printable.Line(line.ToString());
    }

    /// <summary>The body is given as the text it is, so that it can be compared byte for byte.</summary>
    public static string ForMachines(ReceivedNotification notification, SignatureCheck check, int status)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("at", notification.At.UtcDateTime);
            writer.WriteNumber("status", status);
            writer.WriteString("signature", Word(check));
            writer.WriteString("account", notification.Account);
            writer.WriteString("client_id", notification.ClientId);
            writer.WriteString("delivery", notification.DeliveryId);
            writer.WriteString("attempt", notification.Attempt);
            writer.WriteString("sequence", notification.Sequence);
            if (notification.Client.Length > 0)
            {
                writer.WriteString("client", notification.Client);
            }

            writer.WriteString("body", Encoding.UTF8.GetString(notification.Body.Span));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }

    private static string Word(SignatureCheck check) => check switch
    {
        SignatureCheck.Valid => "valid",
        SignatureCheck.Wrong => "WRONG",
        SignatureCheck.NotChecked => "not checked",
        SignatureCheck.NoSecret => "not checked, the secret file is missing",
    };

    private static void Add(StringBuilder line, string name, string value)
    {
        if (value.Length > 0)
        {
            line.Append("  ").Append(name).Append(' ').Append(value);
        }
    }
}
