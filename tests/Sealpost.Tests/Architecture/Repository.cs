namespace Sealpost.Tests.Architecture;

/// <summary>The repository around this test: the folder with the solution, and its files without what a build makes.</summary>
internal static class Repository
{
    private static readonly string[] Made = ["bin", "obj", "data", "artifacts", "TestResults", ".git"];

    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Paths relative to the root, with slashes.</summary>
    public static IEnumerable<string> Files(string pattern) => Directory
        .EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Intersect(Made).Any());

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Sealpost.slnx")) ? folder : Find(Directory.GetParent(folder)!.FullName);
}
