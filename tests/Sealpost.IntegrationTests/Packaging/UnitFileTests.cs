using Sealpost.Hosting.Lifetime;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Packaging;

public sealed class UnitFileTests
{
    private static readonly string Path = System.IO.Path.Combine(RepositoryRoot.Path, "packaging", "sealpost.service");

    private static readonly string[] Lines = File.ReadAllLines(Path);

    [Fact]
    public void It_gives_the_service_longer_to_stop_than_the_service_takes() =>
        Assert.True(TimeSpan.FromSeconds(int.Parse(Value("TimeoutStopSec"), System.Globalization.CultureInfo.InvariantCulture)) > Shutdown.Grace + TimeSpan.FromSeconds(3));

    [Theory]
    [InlineData("NoNewPrivileges", "yes")]
    [InlineData("ProtectSystem", "strict")]
    [InlineData("StateDirectory", "sealpost")]
    [InlineData("StateDirectoryMode", "0700")]
    [InlineData("Restart", "on-failure")]
    [InlineData("User", "sealpost")]
    public void It_is_hardened_and_comes_back_after_a_failure(string name, string value) => Assert.Equal(value, Value(name));

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_it()
    {
        Assert.SkipUnless(Command.Exists("systemd-analyze"), "there is no systemd-analyze");
        using var folder = new TemporaryFolder();

        // A program that is there; everything else as it stands.
        await File.WriteAllLinesAsync(
            folder.Sub("sealpost.service"),
            Lines.Select(line => line.Replace("/opt/sealpost/sealpost ", $"{new SealpostLaunch { Data = "" }.Executable} ", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);
        var (code, output) = await Command.RunAsync(folder.Path, "systemd-analyze", "verify", folder.Sub("sealpost.service"));

        Assert.Equal((0, ""), (code, output.Trim()));
    }

    private static string Value(string name) =>
        Assert.Single(Lines, line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
