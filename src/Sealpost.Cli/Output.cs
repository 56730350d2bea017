using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Spectre.Console;

namespace Sealpost.Cli;

/// <summary>What a verb says: the server's JSON as it came for machines, tables for people.</summary>
internal sealed class Output(Terminal terminal, bool json)
{
    // Wide enough for a script to find an id whole on its line.
    private const int RedirectedWidth = 400;

    // Signatures have + in them; nobody puts this JSON into a page.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IAnsiConsole _console = ConsoleOn(terminal.Out, terminal.OutIsPerson);

    public bool Json => json;

    /// <summary>A console on one of the terminal's writers: plain and wide when no person reads it.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter writer, bool person)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = person ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = person ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = person ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!person)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }

    /// <summary>The answer itself for machines, which always get JSON; <paramref name="people"/> shows it otherwise.</summary>
    public void Show(Answer answer, Action people)
    {
        if (json)
        {
            terminal.Out.WriteLine(Encoding.UTF8.GetString(answer.Or([]).Body.Span));
        }
        else
        {
            people();
        }
    }

    /// <summary>What was found out without a server: <paramref name="machines"/> as JSON, <paramref name="people"/> as a line.</summary>
    public void Show(JsonObject machines, string people) => terminal.Out.WriteLine(json ? machines.ToJsonString(Readable) : Printable.Line(people));

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple).Collapse();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Printable.Line(cell))));
        }

        if (table.Rows.Count == 0)
        {
            Note("nothing found");
            return;
        }

        _console.Write(table);
    }

    /// <summary>Things of one kind; the columns are the members of the first.</summary>
    public void Items(IReadOnlyList<JsonElement> items)
    {
        var columns = items.Take(1).SelectMany(JsonReading.Scalars).Select(member => member.Name).ToList();
        Table(columns, items.Select(item => columns.ConvertAll(column => item.Text(column))));
    }

    /// <summary>One thing, a line for each of its values; empty values are left out.</summary>
    public void Fields(IEnumerable<(string Name, string Value)> fields)
    {
        var shown = fields.Where(field => field.Value.Length > 0).ToList();
        var width = shown.Select(field => field.Name.Length).DefaultIfEmpty().Max();
        foreach (var (name, value) in shown)
        {
            terminal.Out.WriteLine($"{name.PadRight(width)}  {Printable.Line(value)}");
        }
    }

    public void Line(string text) => terminal.Out.WriteLine(Printable.Line(text));

    /// <summary>A remark beside the result, for people alone: it goes to the error stream.</summary>
    public void Note(string text)
    {
        if (!json)
        {
            terminal.Error.WriteLine(Printable.Line(text));
        }
    }
}
