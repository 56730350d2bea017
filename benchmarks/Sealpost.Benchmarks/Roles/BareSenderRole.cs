using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sealpost.Benchmarks.Measuring;

namespace Sealpost.Benchmarks.Roles;

/// <param name="BoardPath">The shared board.</param>
/// <param name="Endpoint">The receiver.</param>
/// <param name="RootPath">Its root's PEM.</param>
/// <param name="Secret">To sign with.</param>
/// <param name="InFlight">Posts in flight.</param>
internal sealed record BareSenderOrder(string BoardPath, Uri Endpoint, string RootPath, string Secret, int InFlight);

/// <summary>
/// The yardstick: what a program costs that does nothing but sign 1 KB with HMAC-SHA1 and POST it over TLS with HTTP/1.1 and
/// keep-alive. No store, no order, no retries.
/// </summary>
internal sealed class BareSenderRole(Board board, HttpMessageInvoker http, BareSenderOrder order)
{
    private long _number;

    public static async Task RunAsync()
    {
        var order = RoleInput.ReadOrder<BareSenderOrder>();
        using var board = Board.Open(order.BoardPath, timedEvents: 0);
        using var http = new HttpMessageInvoker(Handler(order));
        var sender = new BareSenderRole(board, http, order);
        RoleInput.Answer("sending");
        var end = RoleInput.UntilInputEnds();
        await Task.WhenAll(Enumerable.Range(0, order.InFlight).Select(_ => Task.Run(() => sender.SendAsync(end))));
    }

    private static SocketsHttpHandler Handler(BareSenderOrder order)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        chain.CustomTrustStore.ImportFromPemFile(order.RootPath);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = order.InFlight,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = chain },
        };
    }

    private async Task SendAsync(CancellationToken end)
    {
        var json = new MediaTypeHeaderValue("application/json");
        var key = Encoding.UTF8.GetBytes(order.Secret);
        var body = EventTemplate.Bytes.ToArray();
        while (!end.IsCancellationRequested)
        {
            EventTemplate.Patch(body, Interlocked.Increment(ref _number), conversations: 4000);
            using var request = new HttpRequestMessage(HttpMethod.Post, order.Endpoint) { Version = HttpVersion.Version11 };
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = json;
            request.Headers.Add("x-liveperson-account-id", "bench");
            request.Headers.Add("x-liveperson-client-id", "b3c1f0aa-0000-4000-8000-000000000000");
            request.Headers.Add("x-liveperson-signature", "sha1=" + Convert.ToBase64String(HMACSHA1.HashData(key, body)));
            using var answer = await http.SendAsync(request, CancellationToken.None);
            board.Add(answer.StatusCode == HttpStatusCode.OK ? Counter.Posted : Counter.PostsFailed, 1);
        }
    }
}
