using System.Net.Http.Headers;
using System.Net.Http.Json;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Faults;

/// <summary>After a failed fsync nobody knows what is on the disk: the process must end, and the next start must have all that was promised.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public class FsyncFailureTests
{
    private const string Tracer = "/usr/bin/strace";

    // Beyond the syncs of a first start, so that publishing is under way.
    private const int FailingSync = 30;
    private const int MostEvents = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_failed_fsync_ends_the_process_and_loses_nothing_that_was_answered_202()
    {
        Assert.SkipUnless(File.Exists(Tracer), "needs strace, which ./test installs");
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var launch = new SealpostLaunch { Data = folder.Sub("data") };
        var app = new NewInstall("nobody", new Uri("https://127.0.0.1:1/"), "x.Event") { Enabled = false, RetentionTime = TimeSpan.FromHours(1) };

        int accepted;
        await using (var failing = SealpostProcess.Start(launch with { Executable = WithFailingFsync(folder, launch.Executable) }))
        {
            await failing.ReadyAsync(Patience, stop);
            using var api = new SealpostApi(failing, "acc");
            await api.InstallAsync(app, stop);
            accepted = await PublishUntilItBreaksAsync(failing, stop);

            // It has ended by itself: nothing is left to be asked to stop.
            for (var waited = TimeSpan.Zero; !failing.HasExited && waited < Patience; waited += TimeSpan.FromMilliseconds(100))
            {
                await Task.Delay(100, stop);
            }

            Assert.True(failing.HasExited);
            Assert.Contains("disk I/O error", failing.Output, StringComparison.Ordinal);
        }

        await using var again = SealpostProcess.Start(launch);
        await again.ReadyAsync(Patience, stop);
        using var after = new SealpostApi(again, "acc");
        Assert.InRange(accepted, 1, MostEvents - 1);
        Assert.InRange(await after.StoredAsync(app.ClientId, stop), accepted, accepted + 1);
    }

    private static string WithFailingFsync(TemporaryFolder folder, string executable)
    {
        var script = folder.Sub("sealpost-failing");
        File.WriteAllText(script, $"""
            #!/bin/sh
            exec {Tracer} -f -qq -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO:when={FailingSync} '{executable}' "$@"
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }

    private static async Task<int> PublishUntilItBreaksAsync(SealpostProcess service, CancellationToken stop)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = service.Http };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.AdminToken);
        for (var accepted = 0; accepted < MostEvents; accepted++)
        {
            try
            {
                using var answer = await client.PostAsJsonAsync(
                    "/api/account/acc/notifications", new { type = "x.Event", body = new { conversationId = "c" } }, stop);
                answer.EnsureSuccessStatusCode();
            }
            catch (HttpRequestException)
            {
                return accepted;
            }
        }

        return MostEvents;
    }
}
