using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sealpost.Benchmarks.Measuring;

/// <summary>How long the pages of a list took, in stopwatch ticks.</summary>
/// <param name="First">The first page, again and again.</param>
/// <param name="Deep">The last of the pages that were followed, again and again.</param>
/// <param name="Between">Each page on the way.</param>
/// <param name="Pages">How many were followed: fewer than asked for where the list has ended.</param>
internal sealed record ListTimes(List<long> First, List<long> Deep, List<long> Between, int Pages);

/// <summary>Reads lists of deliveries over HTTP, page by page.</summary>
internal sealed class ListReader : IDisposable
{
    private readonly HttpClient _client;

    public ListReader(Uri server, string token)
    {
        _client = new HttpClient { BaseAddress = server };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <param name="list">The path with its query.</param>
    /// <param name="pages">How many to follow.</param>
    /// <param name="repeats">How often the first and the last are asked for.</param>
    public async Task<ListTimes> MeasureAsync(string list, int pages, int repeats)
    {
        List<long> first = [], between = [];
        string? next = null;
        for (var i = 0; i < repeats; i++)
        {
            (var took, next, _) = await PageAsync(list, cursor: null);
            first.Add(took);
        }

        var (followed, cursor) = (1, default(string));
        while (followed < pages && next is not null)
        {
            cursor = next;
            (var took, next, _) = await PageAsync(list, cursor);
            between.Add(took);
            followed++;
        }

        var deep = new List<long>();
        for (var i = 0; i < repeats; i++)
        {
            deep.Add((await PageAsync(list, cursor)).Took);
        }

        return new ListTimes(first, deep, between, followed);
    }

    private async Task<(long Took, string? Next, int Items)> PageAsync(string list, string? cursor)
    {
        var path = new Uri(cursor is null ? list : $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}", UriKind.Relative);
        var from = Stopwatch.GetTimestamp();
        var body = await _client.GetByteArrayAsync(path);
        var took = Stopwatch.GetTimestamp() - from;
        using var page = JsonDocument.Parse(body);
        return (took, page.RootElement.GetProperty("next").GetString(), page.RootElement.GetProperty("items").GetArrayLength());
    }

    public void Dispose() => _client.Dispose();
}
