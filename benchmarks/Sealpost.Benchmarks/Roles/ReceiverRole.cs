using System.Buffers;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Testing.Journal;

namespace Sealpost.Benchmarks.Roles;

/// <param name="BoardPath">The shared board.</param>
/// <param name="TimedEvents">See <see cref="Board.Open"/>.</param>
/// <param name="RootPath">Where it writes its root's PEM.</param>
/// <param name="Secret">The client secret of every install.</param>
/// <param name="Http2">Whether it offers HTTP/2 beside HTTP/1.1.</param>
/// <param name="Origins">Ports, each an origin of its own.</param>
/// <param name="HoleEvery">Every so many of them is a black hole; 0: none.</param>
/// <param name="Clients">Whether clients have to show a certificate; any is taken.</param>
internal sealed record ReceiverOrder(
    string BoardPath, long TimedEvents, string RootPath, string Secret, bool Http2, int Origins, int HoleEvery, ClientCertificateMode Clients);

/// <summary>A minimal HTTPS receiver that verifies every signature and answers 200. Answers its order with its URLs, one for each origin.</summary>
internal sealed class ReceiverRole(Board board, SignatureCheck signature)
{
    /// <summary>Whether the origin of this number is a black hole.</summary>
    public static bool IsHole(int origin, int holeEvery) => holeEvery > 0 && origin % holeEvery == holeEvery - 1;

    public static async Task RunAsync()
    {
        var order = RoleInput.ReadOrder<ReceiverOrder>();
        using var board = Board.Open(order.BoardPath, order.TimedEvents);
        using var certificate = ReceiverCertificate.Make();
        using var holes = new BlackHoles(order.HoleEvery > 0 ? order.Origins / order.HoleEvery : 0);
        certificate.WriteRoot(order.RootPath);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            for (var i = 0; i < order.Origins - holes.Ports.Count; i++)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = order.Http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                    listen.UseHttps(new HttpsConnectionAdapterOptions
                    {
                        ServerCertificate = certificate.Server,
                        ClientCertificateMode = order.Clients,
                        ClientCertificateValidation = (_, _, _) => true,
                    });
                });
            }
        });
        await using var app = builder.Build();
        app.Run(new ReceiverRole(board, new SignatureCheck(order.Secret)).ReceiveAsync);
        await app.StartAsync();
        var listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        RoleInput.Answer(string.Join(' ', InTurn(order, new Queue<string>(listening), holes).Select(address => $"{address}/events")));
        await app.WaitForShutdownAsync(RoleInput.UntilInputEnds());
    }

    private static IEnumerable<string> InTurn(ReceiverOrder order, Queue<string> listening, BlackHoles holes)
    {
        var ports = new Queue<int>(holes.Ports);
        for (var i = 0; i < order.Origins; i++)
        {
            yield return IsHole(i, order.HoleEvery) ? $"https://127.0.0.1:{ports.Dequeue()}" : listening.Dequeue();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        Judge(context, read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
        reader.AdvanceTo(read.Buffer.End);
    }

    private void Judge(HttpContext context, ReadOnlySpan<byte> body)
    {
        board.Pass(Passage.Arrived, EventTemplate.ReadNumber(body), Stopwatch.GetTimestamp());
        var valid = signature.Accepts(context.Request.Headers["x-liveperson-signature"], body);
        board.Add(valid ? Counter.Arrived : Counter.BadSignatures, 1);
        context.Response.StatusCode = valid ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
        context.Response.ContentLength = 0;
    }
}
