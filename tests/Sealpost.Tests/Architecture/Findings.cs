namespace Sealpost.Tests.Architecture;

/// <summary>Fails with all findings, one a line: whoever broke a rule sees every place at once.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string?> findings)
    {
        var all = findings.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
