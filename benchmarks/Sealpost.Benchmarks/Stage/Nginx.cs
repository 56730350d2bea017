using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Testing;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks.Stage;

/// <summary>
/// nginx as a forward to one endpoint with one client certificate: over TLS on both sides, verifying, with connections kept alive.
/// It runs from a folder of its own, with nothing of the system's configuration.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private Nginx(TemporaryFolder folder, Process process, Uri url) => (_folder, _process, Url) = (folder, process, url);

    public Uri Url { get; }

    /// <summary>The processes that do its work.</summary>
    public IReadOnlyList<int> WorkerIds =>
        [.. File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    /// <param name="pki">Makes its own server's certificate.</param>
    /// <param name="client">What it presents to the endpoint.</param>
    /// <param name="endpoint">On the loopback; its certificate names <c>localhost</c>.</param>
    /// <param name="rootPath">The endpoint's root.</param>
    public static async Task<Nginx> StartAsync(Pki pki, X509Certificate2 client, Uri endpoint, string rootPath)
    {
        var folder = new TemporaryFolder();
        using var server = pki.Server();
        var port = FreePort();
        await File.WriteAllTextAsync(folder.Sub("nginx.conf"), $$"""
            daemon off;
            worker_processes auto;
            pid {{folder.Sub("pid")}};
            error_log stderr crit;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{folder.Sub("body")}};
              proxy_temp_path {{folder.Sub("proxy")}};
              fastcgi_temp_path {{folder.Sub("fastcgi")}};
              uwsgi_temp_path {{folder.Sub("uwsgi")}};
              scgi_temp_path {{folder.Sub("scgi")}};
              keepalive_requests 1000000000;
              upstream endpoint {
                server {{endpoint.Authority}};
                keepalive 128;
                keepalive_requests 1000000000;
              }
              server {
                listen 127.0.0.1:{{port}} ssl;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_certificate {{pki.WritePem("nginx", server)}};
                ssl_certificate_key {{pki.WriteKeyPem("nginx", server)}};
                location = {{ForwardStage.Path}} {
                  proxy_pass https://endpoint{{endpoint.PathAndQuery}};
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_ssl_protocols TLSv1.2 TLSv1.3;
                  proxy_ssl_certificate {{pki.WritePem("client", client)}};
                  proxy_ssl_certificate_key {{pki.WriteKeyPem("client", client)}};
                  proxy_ssl_trusted_certificate {{rootPath}};
                  proxy_ssl_verify on;
                  proxy_ssl_name localhost;
                }
              }
            }
            """);
        var start = new ProcessStartInfo("nginx", ["-p", folder.Path, "-c", folder.Sub("nginx.conf"), "-e", "stderr"]) { UseShellExecute = false };
        var nginx = new Nginx(folder, Process.Start(start)!, new Uri($"https://127.0.0.1:{port}{ForwardStage.Path}"));
        await nginx.ListensAsync();
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGTERM, so that the workers end with it.
            using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private async Task ListensAsync()
    {
        for (var from = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(from) < StartLimit && !_process.HasExited;)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Url.Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
            }
        }

        throw new InvalidOperationException("nginx does not listen.");
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
