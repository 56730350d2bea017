using System.Text;
using Sealpost.Cli.Publishing;

namespace Sealpost.Tests.Cli;

public sealed class NdjsonBatchesTests
{
    [Fact]
    public async Task A_batch_has_no_more_lines_than_allowed_and_knows_where_it_starts()
    {
        var batches = await CutAsync("a\nb\nc\nd\ne\n", maxLines: 2);

        Assert.Equal(["a\nb\n", "c\nd\n", "e\n"], batches.Select(Text));
        Assert.Equal([1, 3, 5], batches.Select(batch => batch.FirstLine));
        Assert.Equal([2, 2, 1], batches.Select(batch => batch.Lines));
    }

    [Fact]
    public async Task A_batch_has_no_more_bytes_than_allowed_except_for_one_long_line()
    {
        var batches = await CutAsync("aa\nbb\ncccccccccc\nd\n", maxBytes: 6);

        Assert.Equal(["aa\nbb\n", "cccccccccc\n", "d\n"], batches.Select(Text));
    }

    [Theory]
    [InlineData("a\nb\nc", 2, new[] { "a\nb\n", "c" })]
    [InlineData("a\nb", 2, new[] { "a\nb" })]
    [InlineData("a", 2, new[] { "a" })]
    [InlineData("", 2, new string[0])]
    public async Task The_last_line_needs_no_newline(string text, int maxLines, string[] expected)
    {
        var batches = await CutAsync(text, maxLines);

        Assert.Equal(expected, batches.Select(Text));
    }

    [Fact]
    public async Task Batches_together_are_the_file_byte_for_byte_however_it_is_read()
    {
        var chance = new Random(7);
        var text = string.Concat(Enumerable.Range(0, 5000).Select(n => new string('x', chance.Next(200)) + (chance.Next(3) == 0 ? "\r\n" : "\n")));

        var batches = await CutAsync(text, maxLines: 100, maxBytes: 8000);

        Assert.Equal(text, string.Concat(batches.Select(Text)));
        Assert.Equal(5000, batches.Sum(batch => batch.Lines));
        Assert.All(batches, batch => Assert.True(batch.Lines <= 100 && batch.Bytes.Length <= 8000 && Text(batch).EndsWith('\n')));
    }

    private static async Task<List<NdjsonBatch>> CutAsync(string text, int maxLines = 1000, int maxBytes = 1 << 20)
    {
        var batches = new List<NdjsonBatch>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await foreach (var batch in new NdjsonBatches(maxLines, maxBytes).ReadAsync(stream, TestContext.Current.CancellationToken))
        {
            batches.Add(batch);
        }

        return batches;
    }

    private static string Text(NdjsonBatch batch) => Encoding.UTF8.GetString(batch.Bytes.Span);
}
