using System.Net.Http.Headers;
using System.Text.Json;

namespace Sealpost.IntegrationTests.Support;

/// <summary>An HTTP answer, read whole.</summary>
internal sealed record Answer(int Status, string? ContentType, string? Revision, HttpResponseHeaders Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The stable code of a problem; checks that the answer is one.</summary>
    public string? Code
    {
        get
        {
            Assert.Equal("application/problem+json", ContentType);
            Assert.Equal(Status, Json.GetProperty("status").GetInt32());
            return Json.GetProperty("code").GetString();
        }
    }

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    public static async Task<Answer> Read(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.TryGetValues("ac-revision", out var values) ? string.Join(',', values) : null,
        response.Headers,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
