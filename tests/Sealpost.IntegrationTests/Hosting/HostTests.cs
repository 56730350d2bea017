using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Hosting.Lifetime;

namespace Sealpost.IntegrationTests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class HostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sealpost-host-").FullName;

    private string Data => Path.Combine(_folder, "data");

    [Fact]
    public async Task A_first_start_makes_what_it_needs_for_its_owner_alone_and_says_where_it_is()
    {
        var output = new StringWriter();

        await using var host = await Start(output: output);

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(Data, "admin-token")));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(Data, "tls", "server.key")));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(Data, "tls", "ca.key")));
        var said = output.ToString();
        Assert.Contains(Path.Combine(Data, "admin-token"), said, StringComparison.Ordinal);
        Assert.DoesNotContain((await ReadAsync("admin-token")).Trim(), said, StringComparison.Ordinal);
        Assert.Equal($"{host.HttpUrl}".TrimEnd('/'), (await ReadAsync("url")).Trim());
        Assert.Contains($"{host.HttpsUrl}".TrimEnd('/'), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_ports_answer_and_the_development_CA_vouches_for_the_one_with_TLS()
    {
        await using var host = await Start();
        using var client = ClientTrusting(Path.Combine(Data, "tls", "ca.pem"));

        foreach (var url in new[] { host.HttpUrl, host.HttpsUrl, new UriBuilder(host.HttpsUrl) { Host = "localhost" }.Uri })
        {
            using var answer = await client.GetAsync(new Uri(url, "/health/ready"), TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task HTTP2_is_spoken_over_TLS()
    {
        await using var host = await Start();
        using var client = ClientTrusting(Path.Combine(Data, "tls", "ca.pem"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.HttpsUrl, "/health/live"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_second_start_on_the_same_data_directory_says_so_and_changes_nothing()
    {
        await using var host = await Start();
        var url = await ReadAsync("url");

        var second = await Assert.ThrowsAsync<StartException>(() => Start());

        Assert.Equal($"{Data}: another sealpost process works on this data directory: end it, or name another with --data", second.Message);
        Assert.Equal(url, await ReadAsync("url"));
    }

    [Fact]
    public async Task A_restart_keeps_the_token_and_the_certificates()
    {
        await (await Start()).DisposeAsync();
        var before = (await ReadAsync("admin-token"), await ReadAsync("tls/ca.pem"), await ReadAsync("tls/server.pem"));

        await (await Start()).DisposeAsync();

        Assert.Equal(before, (await ReadAsync("admin-token"), await ReadAsync("tls/ca.pem"), await ReadAsync("tls/server.pem")));
    }

    [Fact]
    public async Task A_token_from_the_environment_is_not_written_down()
    {
        var output = new StringWriter();

        await using var host = await Start(new() { ["SEALPOST_ADMIN_TOKEN"] = "from-the-environment" }, output);

        Assert.False(File.Exists(Path.Combine(Data, "admin-token")));
        Assert.DoesNotContain("from-the-environment", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_leaves_the_data_directory_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var failed = await Assert.ThrowsAsync<StartException>(() => Start(http: ((IPEndPoint)taken.LocalEndpoint).Port));

        Assert.Contains("address already in use", failed.Message, StringComparison.Ordinal);
        await using var host = await Start();
    }

    [Fact]
    public async Task A_wrong_setting_in_the_file_stops_the_start()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "sealpost.json"), """{"Delivery":{"Speed":9}}""", TestContext.Current.CancellationToken);

        var failed = await Assert.ThrowsAsync<StartException>(() => Start());

        Assert.Equal("Delivery:Speed (sealpost.json): there is no such setting", failed.Message);
    }

    [Theory]
    [InlineData("GET", "/nothing/here", HttpStatusCode.NotFound, "not_found")]
    [InlineData("POST", "/health/live", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task What_is_not_served_is_a_problem_with_a_code(string method, string path, HttpStatusCode status, string code)
    {
        await using var host = await Start();
        using var client = ClientTrusting(Path.Combine(Data, "tls", "ca.pem"));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.HttpUrl, path));

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_with_a_length_and_a_transfer_coding_is_refused()
    {
        await using var host = await Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.HttpUrl.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();

        await stream.WriteAsync(
            "POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"u8.ToArray(),
            TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("ambiguous_length", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_hold_ours_and_the_runtimes_total_of_allocated_bytes()
    {
        await using var host = await Start();
        using var client = ClientTrusting(Path.Combine(Data, "tls", "ca.pem"));

        var metrics = await client.GetStringAsync(new Uri(host.HttpUrl, "/metrics"), TestContext.Current.CancellationToken);

        Assert.Contains("\nsealpost_published_requests_total", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsealpost_attempts_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("\ndotnet_gc_heap_total_allocated_bytes_total", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_to_stop_it_ends_with_0_and_frees_the_data_directory()
    {
        using var stop = new CancellationTokenSource();
        await using (var host = await Start())
        {
            var running = host.RunUntilAsync(stop.Token);
            await stop.CancelAsync();

            Assert.Equal(0, await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            Assert.False(File.Exists(Path.Combine(Data, "url")));
        }

        await (await Start()).DisposeAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<SealpostHost> Start(Dictionary<string, string>? environment = null, TextWriter? output = null, int http = 0) =>
        SealpostHost.StartAsync(new ServeFlags(Data, http, 0, null, [], "Development"), environment ?? [], output ?? TextWriter.Null, TimeProvider.System);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(Data, name), TestContext.Current.CancellationToken);

    private static HttpClient ClientTrusting(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(authority));
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }
}
