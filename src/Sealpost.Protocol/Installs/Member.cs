using System.Text.Json;

namespace Sealpost.Protocol.Installs;

/// <summary>
/// One member of a manifest that is being read: its value, its path and where its faults go. The methods give the value in the
/// wanted shape, or report why not and give null.
/// </summary>
internal readonly record struct Member(string Path, JsonElement Value, ManifestFaults Faults)
{
    // A path repeats the caller's own names; a hostile one stays short.
    private const int MaxNameInPath = 256;

    public static Member Root(JsonElement root, ManifestFaults faults) => new("", root, faults);

    public bool IsNull => Value.ValueKind == JsonValueKind.Null;

    public void Report(string rule, string words) => Faults.Add(Path, rule, words);

    public void Report(string name, string rule, string words) => Faults.Add(PathOf(name), rule, words);

    /// <summary>The member <paramref name="name"/> of this object; null if there is none.</summary>
    public Member? Child(string name) => Value.TryGetProperty(name, out var value) ? new Member(PathOf(name), value, Faults) : null;

    public Member? Required(string name)
    {
        var child = Child(name);
        if (child is null)
            Report(name, "required", "is missing");
        return child;
    }

    public IEnumerable<(string Name, Member Member)> Children()
    {
        foreach (var property in Value.EnumerateObject())
            yield return (property.Name, new Member(PathOf(property.Name), property.Value, Faults));
    }

    public IEnumerable<Member> Items()
    {
        var index = 0;
        foreach (var item in Value.EnumerateArray())
            yield return new Member($"{Path}[{index++}]", item, Faults);
    }

    public bool IsObject() => Is(JsonValueKind.Object, "an object");

    public bool IsArray() => Is(JsonValueKind.Array, "an array");

    /// <param name="maxLength">UTF-16 code units at most.</param>
    public string? Text(int maxLength = int.MaxValue)
    {
        if (!Is(JsonValueKind.String, "a text"))
            return null;
        var text = Value.GetString()!;
        if (text.Length <= maxLength)
            return text;
        Report("max_length", $"must have at most {maxLength} characters");
        return null;
    }

    public void Texts()
    {
        if (!IsArray())
            return;
        foreach (var item in Items())
            item.Text();
    }

    public bool? Flag()
    {
        if (Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return Value.GetBoolean();
        Report("type", "must be true or false");
        return null;
    }

    public int? Integer(int min, int max)
    {
        if (!Is(JsonValueKind.Number, "a number"))
            return null;
        if (Value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        // Digits alone are an integer, however large; 3.0 and 3e0 are not written as one.
        var isInteger = !Value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');
        Report(isInteger ? "range" : "integer", $"must be an integer from {min} to {max}");
        return null;
    }

    public string? Choice(string first, string second)
    {
        var text = Text();
        if (text is null || text == first || text == second)
            return text;
        Report("choice", $"must be \"{first}\" or \"{second}\"");
        return null;
    }

    private bool Is(JsonValueKind kind, string words)
    {
        if (Value.ValueKind == kind)
            return true;
        Report("type", $"must be {words}");
        return false;
    }

    private string PathOf(string name)
    {
        var shown = name.Length <= MaxNameInPath ? name : $"{name[..MaxNameInPath]}…";
        return Path.Length == 0 ? shown : $"{Path}.{shown}";
    }
}
