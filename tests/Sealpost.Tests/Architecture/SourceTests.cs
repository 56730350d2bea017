using System.Text.RegularExpressions;

namespace Sealpost.Tests.Architecture;

/// <summary>House rules that the compiler does not know.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void No_source_file_has_more_than_400_lines()
    {
        var large = Repository.Files("*.cs")
            .Select(path => (Path: path, Lines: Repository.Read(path).Count(c => c == '\n')))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Path}: {file.Lines} lines");

        Findings.None(large);
    }

    [Fact]
    public void Each_main_type_has_its_files_name()
    {
        var misnamed = Repository.Files("*.cs")
            .Where(path => path.StartsWith("src/", StringComparison.Ordinal) && !path.EndsWith("/Program.cs", StringComparison.Ordinal))
            .Where(path => !Regex.IsMatch(
                Repository.Read(path), $@"\b(class|struct|record|enum|interface|delegate)\s[^;({{]*\b{Path.GetFileName(path).Split('.')[0]}\b"));

        Findings.None(misnamed);
    }

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine()
    {
        string[] patterns = ["*.cs", "*.md", "*.csproj", "*.props", "*.json", "*.sql", "run", "test", "bench"];

        var found = patterns.SelectMany(Repository.Files)
            .Where(path => !path.EndsWith("packages.lock.json", StringComparison.Ordinal))
            .SelectMany(path => MachinePath().Matches(Repository.Read(path)).Select(match => $"{path}: {match.Value}"));

        Findings.None(found);
    }

    [Fact]
    public void Each_path_in_a_page_of_documentation_is_there()
    {
        var missing = Repository.Files("*.md").SelectMany(page => Quoted().Matches(Repository.Read(page))
            .Select(match => match.Groups[1].Value)
            .Where(text => RepositoryPath().IsMatch(text) && !Exists(page, text))
            .Select(text => $"{page}: {text}"));

        Findings.None(missing);
    }

    [Fact]
    public void Each_type_named_in_the_rooms_pages_is_there()
    {
        var types = Repository.Files("*.cs").SelectMany(path => Declared().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value)).ToHashSet();

        var missing = Repository.Files("README.md").Where(page => page.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(page => Quoted().Matches(Repository.Read(page))
                .Select(match => match.Groups[1].Value)
                .Where(text => CompoundWord().IsMatch(text) && !types.Contains(text))
                .Select(text => $"{page}: {text}"));

        Findings.None(missing);
    }

    // From the root, from the page's own folder, or a room's file as the rooms are spoken of: Retry/RetryRules.cs.
    private static bool Exists(string page, string text)
    {
        var path = text.TrimEnd('/');
        string[] from = ["", Path.GetDirectoryName(page)!, "src/Sealpost"];
        return from.Any(folder => Path.Exists(Path.Combine(Repository.Root, folder, path)));
    }

    [GeneratedRegex(@"(?<![\w.])/(work|home|Users|root)/\w+")]
    private static partial Regex MachinePath();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    // What can only be meant as a path: it begins with a folder of ours, or ends like a file of ours.
    [GeneratedRegex(@"^((src|tests?|bench(marks)?|docs|\.ci)/[\w./-]*|[\w./-]+\.(cs|md|csproj|props|slnx|sql|sh))$")]
    private static partial Regex RepositoryPath();

    // Two words in one: a type's name and no ordinary word.
    [GeneratedRegex("^[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+$")]
    private static partial Regex CompoundWord();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface)\s+(?:class\s+|struct\s+)?(\w+)")]
    private static partial Regex Declared();
}
