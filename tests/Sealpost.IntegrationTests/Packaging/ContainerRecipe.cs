using System.Text.Json;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Packaging;

/// <summary>The instructions of the Containerfile, a line each, continued lines joined.</summary>
internal sealed class ContainerRecipe
{
    private ContainerRecipe(IReadOnlyList<(string Name, string Value)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string Value)> Instructions { get; }

    public static ContainerRecipe Read() => new(
    [
        .. File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Containerfile"))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2))
            .Select(words => (words[0], words[1].Trim())),
    ]);

    public IEnumerable<string> All(string name) => Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Value);

    /// <summary>The instructions of the stage that builds: all up to the second FROM.</summary>
    public IEnumerable<(string Name, string Value)> BuildStage() => Instructions.Skip(1).TakeWhile(instruction => instruction.Name != "FROM");

    /// <summary>The arguments of an instruction in its exec form.</summary>
    public static string[] Exec(string value) => JsonSerializer.Deserialize<string[]>(value[value.IndexOf('[', StringComparison.Ordinal)..])!;

    /// <summary>What a COPY from the build's context takes, and where to.</summary>
    public static (string[] Sources, string Target) Copy(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (words[..^1], words[^1]);
    }
}
