using System.Globalization;

namespace Sealpost.Benchmarks.Stage;

/// <summary>What the command line chose.</summary>
internal sealed record BenchArguments
{
    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary><c>--rounds</c>; null when it was not given.</summary>
    public int? AskedRounds { get; init; }

    /// <summary>Repeats, of which the medians are taken.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary><c>--warm SECONDS</c> before the service is measured; the bare sender has its own five.</summary>
    public TimeSpan Warm { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>--measured SECONDS</c>.</summary>
    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary><c>--events</c> that <c>backlog</c> stores; <c>queries</c> has its own default.</summary>
    public long Events => AskedEvents ?? 1_000_000;

    /// <summary><c>--events</c>; null when it was not given.</summary>
    public long? AskedEvents { get; init; }

    /// <summary><c>--executable FILE</c>: measure another build.</summary>
    public string? Executable { get; init; }

    /// <exception cref="FormatException">An unknown option, or a value that does not fit; the message names it.</exception>
    public static BenchArguments Read(IReadOnlyList<string> words)
    {
        var arguments = new BenchArguments();
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                arguments = arguments with { Names = [.. arguments.Names, words[i]] };
                continue;
            }

            var value = i + 1 < words.Count ? words[i + 1] : throw new FormatException($"{words[i]} needs a value.");
            arguments = words[i++] switch
            {
                "--rounds" => arguments with { Rounds = (int)Number(value), AskedRounds = (int)Number(value) },
                "--warm" => arguments with { Warm = TimeSpan.FromSeconds(Number(value)) },
                "--measured" => arguments with { Measured = TimeSpan.FromSeconds(Number(value)) },
                "--events" => arguments with { AskedEvents = Number(value) },
                "--executable" => arguments with { Executable = Path.GetFullPath(value) },
                var option => throw new FormatException($"There is no option {option}."),
            };
        }

        return arguments;
    }

    private static long Number(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{text} is not a whole number above zero.");
}
