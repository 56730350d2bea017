using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Sealpost.Cli.Verbs;

/// <summary>The filters of <c>deliveries list</c>, and the query they make.</summary>
internal sealed class DeliveryFilters
{
    private readonly Option<string?> _clientId = Text("--client-id", "Of this app install", "ID");
    private readonly Option<string?> _conversation = Text("--conversation", "Of this conversation", "ID");
    private readonly Option<string?> _notification = Text("--notification", "Of this published notification", "ID");
    private readonly Option<string?> _eventType = Text("--event-type", "Of this event type", "KEY");
    private readonly Option<string?> _state = Text("--state", "pending, delivered or dead", "STATE").AcceptOnlyFromAmong("pending", "delivered", "dead");
    private readonly Option<string?> _since = Time("--since", "Accepted at or after: a time, or how long ago, such as 2h");
    private readonly Option<string?> _until = Time("--until", "Accepted before: a time, or how long ago");
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "At most so many", "N", 1, int.MaxValue);
    private readonly Option<string?> _cursor = Text("--cursor", "Go on where an earlier list ended", "CURSOR");

    public IEnumerable<Option> All => [_clientId, _conversation, _notification, _eventType, _state, _since, _until, _limit, _cursor];

    public string Query(ParseResult parse, DateTimeOffset now)
    {
        (string Name, string? Value)[] parameters =
        [
            ("client_id", parse.GetValue(_clientId)),
            ("conversation", parse.GetValue(_conversation)),
            ("notification", parse.GetValue(_notification)),
            ("eventType", parse.GetValue(_eventType)),
            ("state", parse.GetValue(_state)),
            ("since", Moment(parse.GetValue(_since), now)),
            ("until", Moment(parse.GetValue(_until), now)),
            ("limit", parse.GetValue(_limit)?.ToString(CultureInfo.InvariantCulture)),
            ("cursor", parse.GetValue(_cursor)),
        ];
        var given = parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }

    // RFC 3339 goes to the server as typed; how long ago is counted from now.
    private static string? Moment(string? text, DateTimeOffset now) => text is not null && Durations.TryParse(text, out var ago)
        ? (now - ago).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : text;

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<string?> Time(string name, string description)
    {
        var option = Text(name, description, "TIME");
        option.Validators.Add(Validate);
        return option;
    }

    private static void Validate(OptionResult result)
    {
        var text = result.Tokens.SingleOrDefault()?.Value ?? "";
        if (!Durations.TryParse(text, out _) && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            result.AddError($"{result.Option.Name}: '{text}' is neither a time such as 2026-01-31T09:30:00Z nor a duration such as 2h.");
        }
    }
}
