namespace Sealpost.Cli;

/// <summary>The argument <c>FILE|-</c>: a file, or standard input when it is <c>-</c> or left out.</summary>
internal static class InputFile
{
    public static Stream Open(string? path, Terminal terminal) =>
        path is null or "-" ? terminal.In : File.OpenRead(path);

    public static async Task<byte[]> ReadAsync(string? path, Terminal terminal, CancellationToken cancellation)
    {
        await using var stream = Open(path, terminal);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }
}
