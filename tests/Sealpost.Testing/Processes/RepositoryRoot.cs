namespace Sealpost.Testing.Processes;

/// <summary>Where the repository lies on this machine: the folder above us that holds the solution.</summary>
public static class RepositoryRoot
{
    /// <exception cref="DirectoryNotFoundException">This program does not run from within the repository.</exception>
    public static string Path { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo start)
    {
        for (var folder = start; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Sealpost.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Sealpost.slnx lies in none of the folders above this program.");
    }
}
