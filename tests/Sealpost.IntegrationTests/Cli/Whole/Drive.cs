namespace Sealpost.IntegrationTests.Cli.Whole;

/// <summary>How one verb is driven.</summary>
/// <param name="Bad">What to give it that is refused in one line, after its own words.</param>
internal sealed record Drive(params string[] Bad)
{
    /// <summary>Makes what the verb needs, and gives what to type after its own words; null: another test drives it.</summary>
    public Func<VerbScene, Task<string[]>>? Good { get; init; }

    /// <summary>The name of the test that drives it well, where this one does not.</summary>
    public string? Elsewhere { get; init; }
}
