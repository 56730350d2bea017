using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sealpost.Mtls.Mappings;

/// <summary>One question of a check: is there an enabled mapping of this?</summary>
internal sealed record CheckQuestion(string ServiceName, string AccountId, string Url)
{
    /// <summary>How the question prints in LivePerson's own service, the spelling included: version 1 of the answer has it for a key.</summary>
    public string Key => $"CertificateMappingParamters{{serviceName='{ServiceName}', accountId='{AccountId}', url='{Url}'}}";
}

/// <summary>The answer of a check (protocol 5): version 1 is an object of keys with true or false, version 2 the questions with <c>doExist</c>.</summary>
internal sealed class CheckAnswer(List<(CheckQuestion Question, bool DoesExist)> answers, bool isSecond) : IResult
{
    // As in all other answers: apostrophes and ampersands stand as they are.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter, Plain);
        if (isSecond)
        {
            WriteSecond(json);
        }
        else
        {
            WriteFirst(json);
        }

        await json.FlushAsync(httpContext.RequestAborted);
    }

    private void WriteFirst(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (question, doesExist) in answers.DistinctBy(answer => answer.Question.Key))
        {
            json.WriteBoolean(question.Key, doesExist);
        }

        json.WriteEndObject();
    }

    private void WriteSecond(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var (question, doesExist) in answers)
        {
            json.WriteStartObject();
            json.WriteString("serviceName", question.ServiceName);
            json.WriteString("accountId", question.AccountId);
            json.WriteString("url", question.Url);
            json.WriteBoolean("doExist", doesExist);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
