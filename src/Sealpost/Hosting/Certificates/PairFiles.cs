namespace Sealpost.Hosting.Certificates;

/// <summary>
/// What two PEM files hold at one moment, as text, so that what is compared is what is loaded. Two of them are equal when the files
/// were the same; links are followed each time, so a link that was turned counts as a change.
/// </summary>
/// <param name="Certificate">The certificate's file.</param>
/// <param name="Key">The key's file. Never logged.</param>
/// <param name="Error">Why a file could not be read; null when both were.</param>
internal sealed record PairFiles(string Certificate, string Key, string? Error)
{
    // Many times the longest chain.
    private const int MaxBytes = 1 << 20;

    public static PairFiles Read(string certificate, string key)
    {
        try
        {
            return new PairFiles(Text(certificate), Text(key), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PairFiles("", "", e.Message);
        }
    }

    /// <summary>Names no key.</summary>
    public override string ToString() => Error ?? $"certificate and key, {Certificate.Length + Key.Length} characters";

    private static string Text(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaxBytes)
        {
            throw new IOException($"{path} is larger than {MaxBytes} bytes");
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
