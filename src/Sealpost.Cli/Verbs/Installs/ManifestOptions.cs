using System.CommandLine;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary>The options that stand for a manifest, for a first app without a file.</summary>
internal sealed class ManifestOptions
{
    private readonly Option<string?> _name = new("--name") { Description = "The app's name, unique in the account", HelpName = "NAME" };
    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "Where events go: an https URL", HelpName = "URL" };
    private readonly Option<string[]> _eventTypes = new("--event-type")
    {
        Description = "Event types to send there, such as ms.MessagingEventNotification.ContentEvent; repeatable",
        HelpName = "TYPE[,TYPE]",
    };

    private readonly Option<int?> _retention = NumberOption.Create("--retention", "Retry each event for so long, 2 to 259200 seconds", "SECONDS", 2, 259_200);
    private readonly Option<int?> _maxRetries = NumberOption.Create("--max-retries", "Retry each event so often, 0 to 5", "N", 0, 5);

    public IEnumerable<Option> All => [_name, _endpoint, _eventTypes, _retention, _maxRetries];

    public ManifestFlags Read(ParseResult parse) => new(
        parse.GetValue(_name),
        parse.GetValue(_endpoint),
        [.. (parse.GetValue(_eventTypes) ?? []).SelectMany(types => types.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        parse.GetValue(_retention),
        parse.GetValue(_maxRetries));
}
