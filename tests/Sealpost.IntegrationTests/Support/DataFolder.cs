namespace Sealpost.IntegrationTests.Support;

/// <summary>A folder of its own for one test, removed at its end.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder() => Path = Directory.CreateTempSubdirectory("sealpost-").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
