using System.Collections.Concurrent;
using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Answer = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Backups;

public sealed class BackupUnderLoadTests
{
    private const string Account = "a";
    private const int Conversations = 8;
    private const int LeastPublished = 20;
    private static readonly string Padding = new('y', 4000);

    [Fact]
    public async Task What_was_accepted_before_the_backup_is_delivered_in_order_after_the_restore_and_no_id_comes_again()
    {
        await using var service = await RunningService.StartAsync();
        using var folder = new DataFolder();
        var file = folder.File("backup.tar");
        service.Receiver.Answering = _ => new Answer(503);
        var client = await service.InstallAsync(Account, webhooks: $$"""{"retry":{"retention_time":86400},"x":{"endpoint":"{{service.Receiver.Url}}"} }""");

        var accepted = new int[Conversations];
        var ids = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, Conversations).Select(i => PublishAsync(service, i, accepted, ids, stop.Token)).ToList();
        await UntilAsync(() => accepted.All(count => count >= LeastPublished));
        var before = (int[])accepted.Clone();
        await SealpostRun.SucceedAsync("backup", file, "--data", service.Data);
        var after = (int[])accepted.Clone();
        var later = LeastPublished + after.Max();
        await UntilAsync(() => accepted.All(count => count >= later));
        await stop.CancelAsync();
        await Task.WhenAll(publishers);

        var restored = "";
        var answered = 0;
        await service.RestartAsync(() =>
        {
            answered = service.Receiver.Requests.Count;
            service.Receiver.Answering = _ => new Answer();
            restored = SealpostRun.SucceedAsync("restore", file, "--data", service.Data, "--force").GetAwaiter().GetResult();
        });
        await service.UntilAsync($"/api/account/{Account}/configuration/app-install/installations/{client}/state", state => state.GetProperty("stored").GetInt64() == 0);

        var received = service.Receiver.Requests.Skip(answered)
            .Select(request => JsonElement.Parse(request.Body))
            .GroupBy(body => body.GetProperty("c").GetInt32(), body => body.GetProperty("n").GetInt32())
            .ToDictionary(conversation => conversation.Key, conversation => conversation.ToList());
        Assert.Equal(Conversations, received.Count);
        foreach (var (conversation, numbers) in received)
        {
            Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);

            // One more than was answered may have been under way.
            Assert.InRange(numbers.Count, before[conversation], after[conversation] + 1);
        }

        Assert.True(received.Sum(conversation => conversation.Value.Count) < accepted.Sum());
        Assert.Contains("before-restore-", restored, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Directory.GetDirectories(service.Data, "before-restore-*").Single(), "sealpost.db"));
        var next = await service.PublishAsync(Account, "new");
        Assert.True(string.CompareOrdinal(ids.Max(StringComparer.Ordinal), next) < 0, $"{next} may have been given before");
    }

    private static async Task PublishAsync(RunningService service, int conversation, int[] accepted, ConcurrentBag<string> ids, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            ids.Add(await service.PublishAsync(Account, $"c{conversation}", $$"""{"type":"x","c":{{conversation}},"n":{{number}},"pad":"{{Padding}}"}"""));
            Volatile.Write(ref accepted[conversation], number);
        }
    }

    private static async Task UntilAsync(Func<bool> wish)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!wish())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
