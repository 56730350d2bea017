using System.Buffers;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
internal sealed record ReceiverOrder(string BoardPath, long TimedEvents, string RootPath, string Secret, bool Http2);

/// <summary>A minimal HTTPS receiver that verifies every signature and answers 200. Answers its order with its URL.</summary>
internal sealed class ReceiverRole(Board board, SignatureCheck signature)
{
    public static async Task RunAsync()
    {
        var order = RoleInput.ReadOrder<ReceiverOrder>();
        using var board = Board.Open(order.BoardPath, order.TimedEvents);
        using var certificate = ReceiverCertificate.Make();
        certificate.WriteRoot(order.RootPath);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = order.Http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                listen.UseHttps(certificate.Server);
            });
        });
        await using var app = builder.Build();
        app.Run(new ReceiverRole(board, new SignatureCheck(order.Secret)).ReceiveAsync);
        await app.StartAsync();
        RoleInput.Answer(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/events");
        await app.WaitForShutdownAsync(RoleInput.UntilInputEnds());
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
