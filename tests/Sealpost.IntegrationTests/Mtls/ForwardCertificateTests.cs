using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Authentication;
using Microsoft.Data.Sqlite;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>Which certificate is used, until when, and that without it nothing is sent.</summary>
public sealed class ForwardCertificateTests
{
    private const string OpenSsl = "/usr/bin/openssl";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_its_certificate_a_mapped_request_is_not_sent()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var url = calls.Endpoint.OriginalString;
        using var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow());
        var id = await calls.UploadAsync("a", certificate, "c");
        await calls.MapAsync("a", id, url);
        Assert.Equal(200, (await calls.PostAsync(url)).Status);
        var deleted = await calls.Service.CallAsync("DELETE", $"/mtls/account/a/certificates/{id}");
        Assert.Equal(200, deleted.Status);

        var answer = await calls.PostAsync(url);

        Assert.Equal((503, "certificate_unavailable"), (answer.Status, answer.Code));
        Assert.Single(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task When_its_certificate_expires_a_mapped_request_is_not_sent_any_more()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var url = calls.Endpoint.OriginalString;
        using var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow(), new ClientWish { To = TimeSpan.FromSeconds(4) });
        await calls.MapAsync("a", await calls.UploadAsync("a", certificate, "c"), url);
        var before = await calls.PostAsync(url);
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, Cancellation);

        var after = await calls.PostAsync(url);

        Assert.Equal((200, 503, "certificate_unavailable"), (before.Status, after.Status, after.Code));
        Assert.Single(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task Where_the_vault_has_lost_the_key_material_nothing_is_sent()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var url = calls.Endpoint.OriginalString;
        using var certificate = await calls.MappedAsync("a", url);
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(calls.Service.Data, "sealpost.db")}"))
        {
            await database.OpenAsync(Cancellation);
            using var command = database.CreateCommand();
            command.CommandText = "delete from vault_envelopes";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
        }

        // What was in memory is gone with the process.
        await calls.Service.RestartAsync();
        var answer = await calls.PostAsync(url);

        Assert.Equal((503, "certificate_unavailable"), (answer.Status, answer.Code));
        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task Once_a_rotation_has_returned_the_old_certificate_is_never_seen_again()
    {
        await using var calls = await ForwardCalls.StartAsync(("SEALPOST_Mtls__Throttle__PermitsPerSecond", "100000"), ("SEALPOST_Mtls__Throttle__Burst", "100000"));
        await using var receiver = await calls.DemandingAsync();
        var url = receiver.Url.OriginalString;
        var now = TimeProvider.System.GetUtcNow();
        using var first = ClientCertificates.EllipticCurve(now);
        var id = await calls.UploadAsync("a", first, "c");
        await calls.MapAsync("a", id, url);
        // Which certificate is in use as far as the callers know: 0, then 1 and so on as each PUT returns.
        var (generation, failures, stop) = (0, new ConcurrentQueue<string>(), new CancellationTokenSource());
        receiver.Answering = request => new Answer { Body = System.Text.Encoding.ASCII.GetBytes(request.ClientThumbprint!) };
        var order = new List<string> { first.Thumbprint };
        var load = Enumerable.Range(0, 8).Select(async _ =>
        {
            var count = 0;
            while (!stop.IsCancellationRequested)
            {
                var least = Volatile.Read(ref generation);
                var answer = await calls.PostAsync(url);
                int seen;
                lock (order)
                {
                    seen = order.IndexOf(answer.Body);
                }

                if (answer.Status != 200 || seen < least)
                {
                    failures.Enqueue($"{answer.Status} {answer.Body}: {seen} after {least}");
                }

                count++;
            }

            return count;
        }).ToList();

        for (var i = 1; i <= 10; i++)
        {
            using var next = ClientCertificates.EllipticCurve(now);
            lock (order)
            {
                order.Add(next.Thumbprint);
            }

            await calls.UploadAsync("a", next, "c", id);
            Volatile.Write(ref generation, i);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }

        await stop.CancelAsync();
        var requests = (await Task.WhenAll(load)).Sum();
        stop.Dispose();

        Assert.Empty(failures);
        Assert.True(requests > 100, $"{requests} requests are no load");
        Assert.Equal(order[^1], receiver.Requests[^1].ClientThumbprint);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task An_endpoint_that_does_not_take_the_certificate_is_told_from_one_that_is_closed(SslProtocols version)
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await calls.DemandingAsync(new ReceiverOptions(calls.Service.Pki.Server()) { TlsProtocols = version, TakesClient = _ => false });
        var url = receiver.Url.OriginalString;
        using var certificate = await calls.MappedAsync("a", url);

        foreach (var method in (string[])["POST", "GET"])
        {
            var answer = await calls.SendAsync(calls.Forward(method, url, body: method == "POST" ? new StringContent("x") : null));

            Assert.Equal((424, "certificate_rejected", "endpoint_certificate_rejected"), (answer.Status, answer.Error(), answer.Code));
        }

        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task An_endpoint_that_says_with_an_alert_that_it_does_not_take_the_certificate_is_understood(string version)
    {
        Assert.SkipUnless(File.Exists(OpenSsl), "needs openssl");
        await using var calls = await ForwardCalls.StartAsync();
        var pki = calls.Service.Pki;
        using var server = pki.Server();
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var process = Process.Start(new ProcessStartInfo(
            OpenSsl,
            ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", pki.WritePem("s", server), "-key", pki.WriteKeyPem("s", server), "-CAfile", pki.RootFile, "-Verify", "1", "-verify_return_error", "-www", version])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        try
        {
            await process.StandardOutput.ReadLineAsync(Cancellation);
            using var certificate = await calls.MappedAsync("a", $"https://127.0.0.1:{port}/");

            var refused = await calls.PostAsync($"https://127.0.0.1:{port}/");
            var without = await calls.PostAsync($"https://127.0.0.1:{port}/", "b");

            Assert.Equal((424, "certificate_rejected"), (refused.Status, refused.Error()));
            Assert.Equal(424, without.Status);
            Assert.NotEqual("certificate_rejected", without.Error());
            TestContext.Current.TestOutputHelper!.WriteLine($"{version}: {refused.Message()}; {without.Error()}: {without.Message()}");
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task An_endpoint_that_closes_a_connection_it_has_answered_on_has_not_refused_the_certificate()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await connection.ReadRequestAsync();
        });
        var url = receiver.Url.OriginalString;
        using var certificate = await calls.MappedAsync("a", url);

        var first = await calls.PostAsync(url);
        var second = await calls.PostAsync(url);

        Assert.Equal((200, 424, "closed", 1), (first.Status, second.Status, second.Error(), receiver.Connections));
    }

    [Fact]
    public async Task An_endpoint_that_demands_a_certificate_gets_none_where_none_is_mapped()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await calls.DemandingAsync();

        var answer = await calls.PostAsync(receiver.Url.OriginalString);

        Assert.Equal(424, answer.Status);
        Assert.True(answer.Error() is "closed" or "tls", answer.Error());
        Assert.Empty(receiver.Requests);
    }
}
