using System.CommandLine;
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
    private readonly Option<string?> _since = TimeOption.Create("--since", "Accepted at or after: a time, or how long ago, such as 2h");
    private readonly Option<string?> _until = TimeOption.Create("--until", "Accepted before: a time, or how long ago");
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
            ("since", TimeOption.Moment(parse.GetValue(_since), now)),
            ("until", TimeOption.Moment(parse.GetValue(_until), now)),
            ("limit", parse.GetValue(_limit)?.ToString(CultureInfo.InvariantCulture)),
            ("cursor", parse.GetValue(_cursor)),
        ];
        var given = parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };
}
