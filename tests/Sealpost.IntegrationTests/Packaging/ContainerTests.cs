using System.Text;
using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Packaging;

[Collection(nameof(BuildsCollection))]
public sealed class ContainerTests
{
    private static readonly string[] MadeByBuilds = ["bin", "obj"];

    private readonly ContainerRecipe _recipe = ContainerRecipe.Read();

    [Fact]
    public void Everything_that_is_copied_into_the_image_is_in_the_repository_and_not_ignored()
    {
        var ignored = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, ".containerignore"));
        var sources = _recipe.All("COPY").Where(copy => !copy.StartsWith("--", StringComparison.Ordinal)).SelectMany(copy => ContainerRecipe.Copy(copy).Sources).ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(RepositoryRoot.Path, source)), source));
        Assert.All(sources, source => Assert.DoesNotContain(source.Split('/')[0], ignored));
        Assert.Equal(
            Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories).Length,
            sources.Count(source => source.EndsWith(".csproj", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_image_is_of_the_SDK_that_the_repository_names_and_of_the_ports_that_are_the_default()
    {
        using var sdk = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "global.json")));
        var version = string.Join('.', sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!.Split('.')[..2]);
        var server = new ServerOptions();

        Assert.All(_recipe.All("FROM"), image => Assert.Contains(":" + version, image, StringComparison.Ordinal));
        Assert.Equal($"{server.HttpPort} {server.HttpsPort}", Assert.Single(_recipe.All("EXPOSE")));
    }

    [Fact]
    public void The_service_runs_as_nobody_special_and_writes_into_its_volume_alone()
    {
        Assert.Equal("$APP_UID", Assert.Single(_recipe.All("USER")));
        Assert.Equal("/data", Assert.Single(_recipe.All("VOLUME")));
        string[] serve = [.. ContainerRecipe.Exec(_recipe.All("ENTRYPOINT").Single()), .. ContainerRecipe.Exec(_recipe.All("CMD").Single())];
        Assert.Equal(["/app/sealpost", "serve", "--data", "/data", "--bind", "0.0.0.0"], serve);
    }

    [Fact]
    public async Task What_the_build_publishes_runs_without_a_runtime_serves_takes_an_event_and_is_well()
    {
        using var folder = new TemporaryFolder();
        await BuildAsync(folder.Path);
        var app = folder.Sub("app");
        Assert.True(File.Exists(Path.Combine(app, "libcoreclr.so")), "the runtime is not beside it");

        await using var process = SealpostProcess.Start(new SealpostLaunch
        {
            Data = folder.Sub("data"),
            Executable = Path.Combine(app, "sealpost"),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = folder.Sub("no-runtime"), ["DOTNET_EnableDiagnostics"] = "0" },
        });
        await process.ReadyAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        using (var api = new SealpostApi(process, "acme"))
        {
            await api.PublishAsync(Encoding.UTF8.GetBytes("""{"type":"x","conversationId":"c"}"""), TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, (await HealthAsync(app, process)).Code);
        Assert.Equal(0, await process.StopAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, (await HealthAsync(app, process)).Code);
    }

    [Fact]
    public async Task An_engine_builds_the_image()
    {
        var engine = ((string[])["podman", "docker"]).FirstOrDefault(Command.Exists);
        Assert.SkipWhen(engine is null, "there is no container engine");
        Assert.SkipUnless((await Command.RunAsync(RepositoryRoot.Path, engine!, "info")).Code == 0, $"{engine} has no engine that runs");

        await Command.BuildAsync(RepositoryRoot.Path, engine!, "build", "-f", "Containerfile", "-t", "sealpost:test", ".");
        var (code, output) = await Command.RunAsync(RepositoryRoot.Path, engine!, "run", "--rm", "--read-only", "sealpost:test", "--version");
        Assert.True(code == 0, output);
    }

    // The very steps of the Containerfile, in a folder in the place of the image's root.
    private async Task BuildAsync(string root)
    {
        var source = Path.Combine(root, "source");
        Directory.CreateDirectory(source);
        foreach (var (name, rest) in _recipe.BuildStage())
        {
            if (name == "COPY")
            {
                var (sources, target) = ContainerRecipe.Copy(rest);
                sources.ToList().ForEach(path => Copy(path, Path.Combine(source, target)));
            }
            else if (name == "RUN")
            {
                var line = rest.Replace(" /app", $" {root}/app", StringComparison.Ordinal).Replace(" /empty", $" {root}/empty", StringComparison.Ordinal);
                await Command.BuildAsync(source, "/bin/sh", "-c", line);
            }
        }
    }

    private static void Copy(string path, string target)
    {
        var from = Path.Combine(RepositoryRoot.Path, path);
        var files = File.Exists(from) ? [from] : Directory.GetFiles(from, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(file => !file.Split('/').Intersect(MadeByBuilds).Any()))
        {
            var to = Path.Combine(target, File.Exists(from) ? Path.GetFileName(file) : Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
    }

    private Task<(int Code, string Output)> HealthAsync(string app, SealpostProcess process)
    {
        string[] check = [.. ContainerRecipe.Exec(_recipe.All("HEALTHCHECK").Single())
            .Select(argument => argument == "/data" ? process.Data : argument.Replace("http://127.0.0.1:8080", process.Http.OriginalString, StringComparison.Ordinal))];
        return Command.RunAsync(process.Data, Path.Combine(app, Path.GetFileName(check[0])), check[1..]);
    }
}
