using System.Text.RegularExpressions;

namespace Sealpost.Tests.Architecture;

/// <summary>What the service can say to an operator stands in the runbook, docs/operations.md, with what to do.</summary>
public sealed partial class RunbookTests
{
    private static readonly string Runbook = Repository.Read("docs/operations.md");

    [Fact]
    public void Each_metric_is_there() => Check(
        "src/Sealpost/Telemetry/SealpostMetrics.cs", Metric(), name => "`" + name.Replace('.', '_'), atLeast: 15);

    [Fact]
    public void Each_operational_event_is_there() => Check(
        "src/Sealpost.Protocol/Notifications/EventTypes.cs", OperationalEvent(), name => $"`{name}`", atLeast: 5);

    [Fact]
    public void Each_reason_to_wait_is_there() => Check(
        "src/Sealpost/Deliveries/WaitingRules.cs", Reason(), name => $"`{name}`", atLeast: 15);

    [Fact]
    public void Each_check_of_health_is_there() => Check("src/Sealpost/Hosting/Readiness.cs", Named(), name => $"`{name}`", atLeast: 5);

    private static void Check(string file, Regex names, Func<string, string> written, int atLeast)
    {
        var found = names.Matches(Repository.Read(file)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(found.Count >= atLeast, $"only {found.Count} names were found in {file}");
        Findings.None(found.Where(name => !Runbook.Contains(written(name), StringComparison.Ordinal)));
    }

    [GeneratedRegex("\"(sealpost\\.[a-z_.]+)\"")]
    private static partial Regex Metric();

    [GeneratedRegex("\"(sealpost\\.(?!Test)[A-Z]\\w+)\"")]
    private static partial Regex OperationalEvent();

    [GeneratedRegex("\\(\\s*\"([a-z_]+)\",")]
    private static partial Regex Reason();

    [GeneratedRegex("\"([a-z]+)\"")]
    private static partial Regex Named();
}
