using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Sealpost.Testing.Receivers;

/// <summary>
/// A well-behaved HTTPS endpoint on a free port of the loopback: records each request, and answers what the test scripted:
/// first the answers enqueued, then <see cref="Answering"/>, which is 200 by default.
/// </summary>
public sealed class ScriptedReceiver : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly Lock _gate = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly ConcurrentQueue<Answer> _answers = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedReceiver(ReceiverOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(options.Address, options.Port, listen => Secure(listen, options));
        });
        _host = builder.Build();
        _host.Run(AnswerAsync);
    }

    /// <summary>Decides the answers once the enqueued ones are used up.</summary>
    public Func<ReceivedRequest, Answer> Answering { get; set; } = _ => new Answer();

    /// <summary>Where it listens, as <c>https://127.0.0.1:port/</c>.</summary>
    public Uri Url { get; private set; } = null!;

    public int Port => Url.Port;

    /// <summary>What came until now, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public static Task<ScriptedReceiver> StartAsync(X509Certificate2 certificate, CancellationToken cancellationToken) =>
        StartAsync(new ReceiverOptions(certificate), cancellationToken);

    public static async Task<ScriptedReceiver> StartAsync(ReceiverOptions options, CancellationToken cancellationToken)
    {
        var receiver = new ScriptedReceiver(options);
        await receiver._host.StartAsync(cancellationToken);
        receiver.Url = new Uri(receiver._host.Urls.Single());
        return receiver;
    }

    /// <summary>The URL of a path here, by address or under another name for this host.</summary>
    public Uri At(string path, string? host = null)
    {
        var url = new UriBuilder(new Uri(Url, path));
        url.Host = host ?? url.Host;
        return url.Uri;
    }

    /// <summary>These answers come next, one for each request.</summary>
    public void Enqueue(params Answer[] answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }
    }

    /// <summary>Waits until at least so many requests came, and gives all of them.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_requests.Count >= count)
                {
                    return [.. _requests];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
    }

    private static void Secure(ListenOptions listen, ReceiverOptions options)
    {
        listen.Protocols = options.Protocols;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = options.Certificate,
            SslProtocols = options.TlsProtocols,
            ClientCertificateMode = options.ClientCertificates,
            ClientCertificateValidation = (certificate, _, _) => options.TakesClient(certificate),
            // Else the platform would fetch a missing issuer of the client's certificate from where it says.
            OnAuthenticate = (_, ssl) => ssl.CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = Record(context, body.ToArray());
        var answer = _answers.TryDequeue(out var next) ? next : Answering(request);
        if (answer.Delay > TimeSpan.Zero)
        {
            await Task.Delay(answer.Delay, context.RequestAborted);
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (!answer.Body.IsEmpty)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private ReceivedRequest Record(HttpContext context, byte[] body)
    {
        var headers = context.Request.Headers
            .SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value ?? ""))
            .ToList();
        // HTTP/2 has its own ids for streams; the connection's is what tells reuse.
        var connection = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.RemoteEndPoint!;
        lock (_gate)
        {
            var request = new ReceivedRequest(
                _requests.Count + 1,
                TimeProvider.System.GetUtcNow(),
                connection.ToString()!,
                context.Request.Protocol,
                context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                headers,
                body)
            {
                ClientThumbprint = context.Connection.ClientCertificate?.Thumbprint,
                ClientName = context.Connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
            };
            _requests.Add(request);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return request;
        }
    }
}

/// <summary>How a <see cref="ScriptedReceiver"/> listens.</summary>
/// <param name="Certificate">The server's certificate.</param>
public sealed record ReceiverOptions(X509Certificate2 Certificate)
{
    public HttpProtocols Protocols { get; init; } = HttpProtocols.Http1AndHttp2;

    /// <summary>The versions of TLS it speaks; default what the system allows.</summary>
    public SslProtocols TlsProtocols { get; init; } = SslProtocols.None;

    /// <summary>Whether clients must show a certificate.</summary>
    public ClientCertificateMode ClientCertificates { get; init; } = ClientCertificateMode.NoCertificate;

    /// <summary>Which of the certificates are taken; default any.</summary>
    public Func<X509Certificate2, bool> TakesClient { get; init; } = _ => true;

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0, the default, takes a free one; another is for a receiver that comes back where it was.</summary>
    public int Port { get; init; }
}
