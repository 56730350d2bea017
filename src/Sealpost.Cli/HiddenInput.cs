using System.Text;

namespace Sealpost.Cli;

/// <summary>Asks a person for a secret without showing it.</summary>
internal static class HiddenInput
{
    public static string Ask(string question)
    {
        Console.Error.Write(question);
        var text = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
