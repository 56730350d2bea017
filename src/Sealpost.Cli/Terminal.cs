using System.Collections;

namespace Sealpost.Cli;

/// <summary>What a verb sees of the world around it: its streams, its environment variables and the time.</summary>
internal sealed record Terminal
{
    public required Stream In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>An environment variable's value; null when it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>All environment variables, for the settings of the service.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public required TimeProvider Clock { get; init; }

    /// <summary>Asks the person at the keyboard for a secret, without showing it; null: there is nobody.</summary>
    public Func<string, string>? AskSecret { get; init; }

    /// <summary>Asks the person at the keyboard for an answer; null: there is nobody.</summary>
    public Func<string, string>? Ask { get; init; }

    /// <summary>Whether a person reads <see cref="Out"/>: colours and the terminal's width.</summary>
    public bool OutIsPerson { get; init; }

    /// <summary>Whether a person reads <see cref="Error"/>: progress bars.</summary>
    public bool ErrorIsPerson { get; init; }

    public static Terminal OfThisProcess() => new()
    {
        In = Console.OpenStandardInput(),
        Out = Console.Out,
        Error = Console.Error,
        Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
        Variables = Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
        Clock = TimeProvider.System,
        AskSecret = Console.IsInputRedirected ? null : HiddenInput.Ask,
        Ask = Console.IsInputRedirected ? null : AskOpenly,
        OutIsPerson = !Console.IsOutputRedirected,
        ErrorIsPerson = !Console.IsErrorRedirected,
    };

    private static string AskOpenly(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine() ?? "";
    }
}
