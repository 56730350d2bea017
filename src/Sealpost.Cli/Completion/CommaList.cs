using System.CommandLine.Completions;

namespace Sealpost.Cli.Completion;

/// <summary>Completes options that take several words with commas between them.</summary>
internal static class CommaList
{
    /// <summary>Offers what was typed up to its last comma with each of <paramref name="words"/> that is not in it yet.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Completing(params string[] words) => context =>
    {
        var typed = context.WordToComplete;
        var before = typed[..(typed.LastIndexOf(',') + 1)];
        return words.Except(before.Split(','), StringComparer.Ordinal).Select(word => new CompletionItem(before + word));
    };
}
