using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sealpost.IntegrationTests.Cli;

/// <summary>What a request to the scripted server was.</summary>
internal sealed record SeenRequest(string Method, string PathAndQuery, IHeaderDictionary Headers, string Body);

/// <summary>A stand-in for the service: answers each request by a script and remembers it.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<SeenRequest> _seen = [];

    private ScriptedServer(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            int number;
            lock (_seen)
            {
                _seen.Add(new SeenRequest(context.Request.Method, context.Request.Path + context.Request.QueryString, new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
                number = _seen.Count;
            }

            await answer(context, number);
        });
    }

    public string Url => _app.Urls.Single();

    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Starts it; <paramref name="answer"/> gets the request's number from 1.</summary>
    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var server = new ScriptedServer(answer);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Starts it with one answer for every request.</summary>
    public static Task<ScriptedServer> AlwaysAsync(int status, string json) => StartAsync((context, _) => Json(context, status, json));

    public static Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
