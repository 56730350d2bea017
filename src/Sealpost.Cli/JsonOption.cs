using System.CommandLine;

namespace Sealpost.Cli;

/// <summary>The option <c>--json</c> of verbs that need no server; those that do have it among their client options.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print JSON" };
}
