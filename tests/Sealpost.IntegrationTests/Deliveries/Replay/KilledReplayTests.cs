using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing;
using Sealpost.Testing.Processes;
using Sealpost.Testing.Receivers;
using Answer = Sealpost.IntegrationTests.Support.Answer;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Deliveries.Replay;

/// <summary>Alone on the machine as the other tests that kill: their load would spoil the clocks of others.</summary>
[Collection(nameof(Crash.CrashTests))]
[Trait("Category", "Crash")]
public sealed class KilledReplayTests(ITestOutputHelper output)
{
    private const int Events = 600;
    private const int Conversations = 4;
    private const int Kills = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_again_and_again_a_replay_repeats_nothing_and_loses_nothing()
    {
        using var pki = new Pki();
        using var folder = new DataFolder();
        await using var receiver = await ScriptedReceiver.StartAsync(new ReceiverOptions(pki.Server()), TestContext.Current.CancellationToken);
        var launch = new SealpostLaunch { Data = folder.File("data"), Trust = [pki.RootFile] };
        var install = new NewInstall("app", receiver.Url, "x") { RetentionTime = TimeSpan.FromHours(1) };
        var life = await StartAsync(launch);
        using (var api = new SealpostApi(life, "acme"))
        {
            await api.InstallAsync(install, TestContext.Current.CancellationToken);
        }

        for (var talk = 0; talk < Conversations; talk++)
        {
            var lines = Enumerable.Range(0, Events / Conversations).Select(n => string.Create(CultureInfo.InvariantCulture, $$"""{"talk":{{talk}},"n":{{n}}}"""));
            await CallAsync(life, "POST", $"notifications?eventType=x&conversation=talk{talk}", string.Join('\n', lines), "application/x-ndjson");
        }

        await UntilAsync(life, "deliveries?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
        receiver.Answering = _ => new Received { Delay = TimeSpan.FromMilliseconds(5) };
        var body = $$"""{"client_id":"{{install.ClientId}}","since":"2000-01-01","until":"2100-01-01","state":"all"}""";
        var job = (await CallAsync(life, "POST", "replay", body)).GetProperty("job").GetString();

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 150)), TimeProvider.System, TestContext.Current.CancellationToken);
            await life.DisposeAsync();
            life = await StartAsync(launch);
            output.WriteLine((await CallAsync(life, "GET", $"replay/{job}")).ToString());
        }

        var done = await UntilAsync(life, $"replay/{job}", shown => shown.GetProperty("state").GetString() == "done");
        await UntilAsync(life, "deliveries?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
        await life.DisposeAsync();

        Assert.Equal((Events, Events, 0), (Int(done, "total"), Int(done, "done"), Int(done, "skipped")));
        var originals = Query(folder.File("data"), "SELECT id FROM deliveries WHERE replay_of IS NULL ORDER BY id");
        Assert.Equal(Events, originals.Count);
        Assert.Equal(originals, Query(folder.File("data"), "SELECT replay_of FROM deliveries WHERE replay_of IS NOT NULL ORDER BY id"));

        // What was not recorded when it was killed came again, under the same id.
        var arrived = receiver.Requests.DistinctBy(request => request["x-sealpost-delivery-id"], StringComparer.Ordinal).Select(request => JsonElement.Parse(request.Text)).ToList();
        for (var talk = 0; talk < Conversations; talk++)
        {
            var once = Enumerable.Range(0, Events / Conversations).ToList();
            Assert.Equal([.. once, .. once], arrived.Where(request => Int(request, "talk") == talk).Select(request => Int(request, "n")));
        }
    }

    private static async Task<SealpostProcess> StartAsync(SealpostLaunch launch)
    {
        var life = SealpostProcess.Start(launch);
        await life.ReadyAsync(Patience, TestContext.Current.CancellationToken);
        return life;
    }

    private static async Task<JsonElement> CallAsync(SealpostProcess life, string method, string rest, string? body = null, string type = "application/json")
    {
        using var client = new HttpClient { BaseAddress = life.Http };
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/account/acme/{rest}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", life.AdminToken);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.Read(response);
        Assert.True(response.IsSuccessStatusCode, answer.Body);
        return answer.Json;
    }

    private static async Task<JsonElement> UntilAsync(SealpostProcess life, string rest, Func<JsonElement, bool> expected)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await CallAsync(life, "GET", rest);
            if (expected(answer))
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{rest} stays {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static List<long> Query(string data, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "sealpost.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    private static int Int(JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
