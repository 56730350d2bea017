using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Sealpost.Cli;

/// <summary>Options that take a number within bounds, and say these bounds when they get something else.</summary>
internal static class NumberOption
{
    /// <summary>Null when it is left out.</summary>
    public static Option<T?> Create<T>(string name, string description, string helpName, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = argument =>
            {
                var text = argument.Tokens.SingleOrDefault()?.Value ?? "";
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                {
                    return number;
                }

                argument.AddError($"{name}: '{text}' is not a number from {least} to {most}.");
                return null;
            },
        };
}
