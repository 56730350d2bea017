using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Packaging;

[Collection(nameof(BuildsCollection))]
public sealed class ToolTests
{
    [Fact]
    public async Task The_packed_tool_is_installed_from_its_folder_and_runs_as_sealpost()
    {
        using var folder = new TemporaryFolder();
        var (packages, tools) = (folder.Sub("packages"), folder.Sub("tools"));
        var project = Path.Combine(RepositoryRoot.Path, "src", "Sealpost.Cli");
        await Command.BuildAsync(folder.Path, "dotnet", "pack", project, "-c", "Release", "--artifacts-path", folder.Sub("artifacts"), "-o", packages, "-v", "quiet");
        var package = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(packages, "Sealpost.Cli.*.nupkg")));
        var version = package["Sealpost.Cli.".Length..];

        await Command.BuildAsync(folder.Path, "dotnet", "tool", "install", "Sealpost.Cli", "--version", version, "--source", packages, "--tool-path", tools);

        var tool = Path.Combine(tools, "sealpost");
        Assert.StartsWith(version, (await Command.RunAsync(folder.Path, tool, "--version")).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Sub("secret"), "s", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.Sub("event"), "x", TestContext.Current.CancellationToken);
        var (code, output) = await Command.RunAsync(folder.Path, tool, "sign", folder.Sub("event"), "--secret-file", folder.Sub("secret"));
        Assert.Equal((0, "sha1=77TRzBvXx7g7c8SdrLL0WDJX/Kc="), (code, output.Trim()));
    }
}
