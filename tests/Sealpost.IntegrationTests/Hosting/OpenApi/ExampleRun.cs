using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Pointer;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;
using Sealpost.Testing.Certificates;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>Sends the document's examples to the service that it describes, and says which are not answered as described.</summary>
internal sealed class ExampleRun
{
    private readonly RunningService _service;
    private readonly AnswerSchemas _schemas;
    private readonly ExampleVariables _variables = new();
    private readonly byte[] _p12;

    public ExampleRun(RunningService service, DescribedApi api)
    {
        (_service, _schemas) = (service, new AnswerSchemas(api.Document));
        using var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow());
        _p12 = P12Files.Of(certificate);
        _variables["endpoint"] = service.Receiver.Url.OriginalString;
        _variables["administrator_token"] = service.Token;
        _variables["p12"] = new JsonArray([.. _p12.Select(value => JsonValue.Create((int)value))]);
        _variables["p12_password"] = P12Files.Password;
    }

    /// <summary>Null: it was answered as described.</summary>
    public async Task<string?> SendAsync(DescribedExample example)
    {
        using var request = Request(example);
        using var response = await _service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var status = (int)response.StatusCode;
        var body = example.Request.ContainsKey("stream") ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (!example.Statuses.Contains(status) || example.Call.Response(status) is not { } described)
        {
            return $"{example.Id} is answered {status} {body}";
        }

        if (_schemas.Fault(described, response.Content.Headers.ContentType?.MediaType, body) is { } fault)
        {
            return $"{example.Id}, answered {status}: {fault}";
        }

        foreach (var (variable, from) in example.Saved)
        {
            _variables[variable] = Find(response, body, from);
        }

        return null;
    }

    private static JsonNode? Find(HttpResponseMessage response, string body, string from) => from.Split(':') is ["header", var name]
        ? Assert.Single(response.Headers.GetValues(name))
        : JsonPointer.Parse(from).TryEvaluate(JsonNode.Parse(body), out var found) ? found : throw new InvalidOperationException($"{body} has no {from}");

    private HttpRequestMessage Request(DescribedExample example)
    {
        var target = Target(example);
        var request = new HttpRequestMessage(new HttpMethod(example.Call.Method), target) { Content = Content(example.Request) };
        foreach (var (name, value) in example.Request["headers"]?.AsObject() ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, _variables.Fill(value!.GetValue<string>()));
        }

        if (Authorization(example, target) is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return request;
    }

    private string Target(DescribedExample example)
    {
        var path = example.Call.Path;
        foreach (var (name, value) in example.Request["path"]?.AsObject() ?? [])
        {
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(_variables.Fill(value!.GetValue<string>())), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("{", path, StringComparison.Ordinal);
        var query = string.Join('&', (example.Request["query"]?.AsObject() ?? []).Select(
            parameter => $"{parameter.Key}={Uri.EscapeDataString(_variables.Fill(parameter.Value!.GetValue<string>()))}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private string? Authorization(DescribedExample example, string target) => example.Request["as"]?.GetValue<string>() switch
    {
        null => example.Call.Operation["security"]!.AsArray().Count == 0 ? null : $"Bearer {_service.Token}",
        "nobody" => null,
        "token" => $"Bearer {_variables["token"]}",
        "appKey" => Sign(example.Call.Method, target),
        var other => throw new InvalidOperationException($"{example.Id} is sent as {other}"),
    };

    private string Sign(string method, string target)
    {
        var file = _variables["key_file"]!.Deserialize<KeyFile>()!;
        var key = new OAuthKey(file.ConsumerKey, file.Token, new OAuthSecrets(Encoding.UTF8.GetBytes(file.ConsumerSecret), Encoding.UTF8.GetBytes(file.TokenSecret)));
        Assert.True(SignedRequest.TryParse(method, $"http://{_service.Client.BaseAddress!.Authority}{target}", out var request));
        return OAuthSigner.Sign(request, key, SignatureMethod.HmacSha1, TimeProvider.System.GetUtcNow(), Guid.NewGuid().ToString("N"));
    }

    private HttpContent? Content(JsonObject request)
    {
        if (request["form"] is JsonObject form)
        {
            return Form(form);
        }

        var text = request.ContainsKey("body") ? _variables.Fill(request["body"])!.ToJsonString() : request["text"]?.GetValue<string>();
        return text is null ? null : new StringContent(text, new MediaTypeHeaderValue(request["contentType"]?.GetValue<string>() ?? "application/json"));
    }

    private MultipartFormDataContent Form(JsonObject form)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in form)
        {
            if (value is JsonValue text && text.GetValue<string>().StartsWith('@'))
            {
                content.Add(new ByteArrayContent(_p12) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-pkcs12") } }, name, text.GetValue<string>()[1..]);
            }
            else
            {
                content.Add(value is JsonObject ? new StringContent(_variables.Fill(value)!.ToJsonString(), Encoding.UTF8, "application/json") : new StringContent(_variables.Fill(value!.GetValue<string>())), name);
            }
        }

        return content;
    }
}
