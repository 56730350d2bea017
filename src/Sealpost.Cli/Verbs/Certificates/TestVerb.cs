using System.CommandLine;
using System.Net.Http.Headers;
using Sealpost.Cli.Client;
using Sealpost.Mtls;

namespace Sealpost.Cli.Verbs.Certificates;

/// <summary><c>certificates test</c>: one request with a p12, before anything is uploaded; nothing of it is stored.</summary>
internal static class TestVerb
{
    public static Command Build(ClientVerbs client)
    {
        var file = CertificatesVerb.P12();
        var url = new Argument<string>("url") { Description = "The endpoint", HelpName = "URL" };
        var method = new Option<string?>("--method") { Description = "The request's method [POST]", HelpName = "METHOD" };
        var body = new Option<string?>("--body") { Description = "What to send", HelpName = "FILE|-" };
        var contentType = new Option<string?>("--content-type") { Description = "Of the body [application/json]", HelpName = "TYPE" };
        var authorization = new Option<string?>("--authorization-file") { Description = "File with the Authorization that the endpoint wants", HelpName = "FILE" };
        var password = new PasswordOption();
        return client.Verb(
            "test",
            "Make one request to an endpoint with a p12; nothing is stored",
            async (call, cancellation) =>
            {
                var wanted = call.Parse.GetValue(body);
                using var form = new MultipartFormDataContent
                {
                    { new ByteArrayContent(await File.ReadAllBytesAsync(call.Parse.GetRequiredValue(file), cancellation)), "file", "certificate.p12" },
                    { new ByteArrayContent(password.Read(call.Parse, call.Terminal).Utf8.ToArray()), "password" },
                    { new ByteArrayContent(wanted is null ? [] : await InputFile.ReadAsync(wanted, call.Terminal, cancellation)), "body" },
                };
                using var request = new HttpRequestMessage(HttpMethod.Post, $"mtls/account/{call.Api.Connection.Account}/p12-test/multipart") { Content = form };
                Set(request.Headers, TransportHeaders.ForwardUrl, call.Parse.GetRequiredValue(url));
                Set(request.Headers, TransportHeaders.MethodOverride, call.Parse.GetValue(method));
                Set(request.Headers, TransportHeaders.ContentTypeOverride, call.Parse.GetValue(contentType) ?? (wanted is null ? null : "application/json"));
                Set(request.Headers, TransportHeaders.AuthorizationOverride, call.Parse.GetValue(authorization) is { } secret ? SecretFile.Read(secret).Reveal() : null);
                await SendAsync(call, request, cancellation);
            },
            [file, url, .. password.All, method, body, contentType, authorization]);
    }

    private static async Task SendAsync(ClientCall call, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await call.Api.AnyAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        var result = TestResult.Of(response, await response.Content.ReadAsByteArrayAsync(cancellation), call.Terminal.Clock.GetUtcNow(), call.Api.Connection);
        call.Output.Show(result.ToAnswer(), () => call.Output.Fields(result.Fields()));
        if (result.Failure is { } failure)
        {
            throw new VerbFailedException(failure);
        }
    }

    private static void Set(HttpRequestHeaders headers, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        if (value.Any(c => char.IsControl(c) || !char.IsAscii(c)))
        {
            throw new UsageException($"{name}: a header's value is one line of ASCII.");
        }

        headers.TryAddWithoutValidation(name, value);
    }
}
