using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Testing.Processes;

namespace Sealpost.Testing.Tls;

/// <summary>
/// <c>openssl s_server</c> on a free port of the loopback, under <see cref="OpenSslConfiguration"/>: for versions that the platform
/// does not serve, and for the alerts that servers other than .NET's send. It takes requests and answers none.
/// </summary>
public sealed class OpenSslServer : IAsyncDisposable
{
    private const string Listening = "ACCEPT ";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OpenSslServer(TemporaryFolder folder, Process process) => (_folder, _process) = (folder, process);

    /// <summary>Whether there is such a program.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "openssl")));

    public Uri Url => _url.Task.Result;

    /// <summary>The head of each request says <c>HTTP/1.1</c> once.</summary>
    public int Requests => _output.Count(line => line.EndsWith(" HTTP/1.1", StringComparison.Ordinal));

    /// <summary>What it said, for the message of a failed test.</summary>
    public string Output => string.Join('\n', _output);

    /// <param name="certificate">The server's, with an elliptic key.</param>
    /// <param name="arguments">More of <c>openssl-s_server(1)</c>, such as <c>-tls1_1</c>.</param>
    public static async Task<OpenSslServer> StartAsync(X509Certificate2 certificate, params string[] arguments)
    {
        var folder = new TemporaryFolder();
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(folder.Sub("certificate"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.Sub("key"), key.ExportPkcs8PrivateKeyPem());
        OpenSslConfiguration.Write(folder.Sub("configuration"));
        var start = new ProcessStartInfo("openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", folder.Sub("certificate"), "-key", folder.Sub("key"), .. arguments])
        {
            UseShellExecute = false,

            // It ends a connection when its input ends: ours stays open.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [OpenSslConfiguration.Variable] = folder.Sub("configuration") },
        };
        var server = new OpenSslServer(folder, new Process { StartInfo = start });
        await server.RunAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync()
    {
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await _url.Task.WaitAsync(StartLimit, TimeProvider.System);
        }
        catch (TimeoutException silent)
        {
            throw new InvalidOperationException($"openssl s_server does not listen.\n{Output}", silent);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.StartsWith(Listening, StringComparison.Ordinal))
        {
            _url.TrySetResult(new Uri($"https://{line[Listening.Length..]}"));
        }
    }
}
